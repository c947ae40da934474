/** A horizontal scale of accuracies that rows share: its ends (0…1), ticks, and places in percent of its width. */
export interface AccuracyScale {
  readonly ticks: readonly number[];
  readonly place: (accuracy: number) => number;
}

/** Steps between ticks, as fractions. */
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
const MAX_TICKS = 4;
/** Room at both ends for dots and for the labels of ticks, as a share of the width. */
const MARGIN = 0.09;

/** A scale that holds all values; it is never empty, and leaves 0…1 only by its margins. */
export function accuracyScale(values: readonly number[]): AccuracyScale {
  const [lowest, highest] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const spread = Math.max(highest - lowest, 0.01);
  const middle = (lowest + highest) / 2;
  const [from, span] = [middle - spread / 2, spread];
  const step = STEPS.find((size) => span / size <= MAX_TICKS) ?? 0.5;
  const first = Math.ceil((from - 1e-9) / step);
  const ticks = Array.from({ length: MAX_TICKS + 2 }, (_, i) => Number(((first + i) * step).toFixed(4))).filter(
    (tick) => tick >= 0 && tick <= 1 && tick <= from + span + 1e-9,
  );
  const place = (accuracy: number): number =>
    Number((100 * (MARGIN + (1 - 2 * MARGIN) * ((accuracy - from) / span))).toFixed(2));
  return { ticks, place };
}
