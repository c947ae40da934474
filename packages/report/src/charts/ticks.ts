/** Round values about `count` to an axis: steps of 1, 2 or 5 times a power of ten, from below `low` to above `high`. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const size = 10 ** Math.floor(Math.log10(span / Math.max(1, count)));
  const step = size * ([1, 2, 5].find((factor) => span / (size * factor) <= count) ?? 10);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: Math.max(1, last - first) + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Round values within a logarithmic axis: 1, 2 and 5 of each decade, or 1 and 3, or 1, so that at most `count` are left. */
export function logTicks(low: number, high: number, count: number): number[] {
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => 10 ** (Math.floor(Math.log10(low)) + i),
  );
  const within = (factors: readonly number[]): number[] =>
    decades
      .flatMap((decade) => factors.map((factor) => Number((factor * decade).toPrecision(12))))
      .filter((value) => value >= low && value <= high);
  const choices = [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].map(within);
  const chosen = choices.find((ticks) => ticks.length <= count) ?? choices.at(-1)!;
  const every = Math.ceil(chosen.length / Math.max(1, count));
  return chosen.filter((_, i) => i % every === 0);
}
