/** p values adjusted by Holm's step-down method (Holm 1979), in the order given: their family-wise error holds whatever their dependence. */
export function holmCorrection(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => (pValues[i] as number) - (pValues[j] as number));
  const adjusted = Array.from<number>({ length: pValues.length }).fill(1);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * (pValues[index] as number)));
    adjusted[index] = highest;
  });
  return adjusted;
}
