/** Points that no other point beats in both accuracy and cost, by rising cost. */
export function paretoFront<T extends { readonly cost: number; readonly accuracy: number }>(points: readonly T[]): T[] {
  let best = -Infinity;
  return [...points]
    .sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy)
    .filter((point) => point.accuracy > best && ((best = point.accuracy), true));
}

/**
 * Points that no point of the same or a lower cost is shown to beat in accuracy. Unlike a front of means, it keeps what
 * may be as good: `isShownBetter` says what a test or the intervals show.
 */
export function notShownWorse<T extends { readonly cost: number }>(
  points: readonly T[],
  isShownBetter: (a: T, b: T) => boolean,
): T[] {
  return points.filter(
    (point) => !points.some((other) => other !== point && other.cost <= point.cost && isShownBetter(other, point)),
  );
}
