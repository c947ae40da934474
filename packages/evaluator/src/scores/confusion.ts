import type { SplitScores } from '@bakeoff/core';

export interface Confusion {
  /** counts[label][prediction] over the classes. */
  readonly counts: readonly (readonly number[])[];
  /** By label, images whose highest output is beyond the classes. */
  readonly others: readonly number[];
}

/** Counts predictions by label; a prediction of `classes` stands for any output beyond them. */
export function countConfusion(labels: Uint8Array, prediction: Int32Array, classes: number): Confusion {
  const rows = Array.from({ length: classes }, () => Array.from<number>({ length: classes + 1 }).fill(0));
  labels.forEach((label, image) => {
    const row = rows[label] as number[];
    const predicted = prediction[image] as number;
    row[predicted] = (row[predicted] as number) + 1;
  });
  return { counts: rows.map((row) => row.slice(0, classes)), others: rows.map((row) => row[classes] as number) };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Precision, recall and F1 by class. A share of nothing (a class never predicted, or without images) is 0, as scikit-learn's zero_division=0. */
export function scoreClasses({ counts, others }: Confusion, names: readonly string[]): SplitScores['perClass'] {
  return counts.map((row, c) => {
    const right = row[c] as number;
    const support = row.reduce((sum, count) => sum + count, others[c] as number);
    const predicted = counts.reduce((sum, other) => sum + (other[c] as number), 0);
    return {
      name: names[c] ?? String(c),
      support,
      precision: share(right, predicted),
      recall: share(right, support),
      f1: share(2 * right, support + predicted),
    };
  });
}
