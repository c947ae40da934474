/** Points that no other point beats in both accuracy and cost, by rising cost. */
export function paretoFront<T extends { readonly cost: number; readonly accuracy: number }>(points: readonly T[]): T[] {
  let best = -Infinity;
  return [...points]
    .sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy)
    .filter((point) => point.accuracy > best && ((best = point.accuracy), true));
}
