export interface Confusion {
  /** counts[label][prediction] over the classes. */
  readonly counts: readonly (readonly number[])[];
  /** By label, the number of images whose highest output is beyond the classes. */
  readonly others: readonly number[];
}

/** Counts predictions by label; a prediction equal to `classes` means any output beyond them. */
export function countConfusion(labels: Uint8Array, prediction: Int32Array, classes: number): Confusion {
  const rows = Array.from({ length: classes }, () => Array.from<number>({ length: classes + 1 }).fill(0));
  labels.forEach((label, image) => {
    const row = rows[label]!;
    const predicted = prediction[image]!;
    row[predicted] = row[predicted]! + 1;
  });
  return { counts: rows.map((row) => row.slice(0, classes)), others: rows.map((row) => row[classes]!) };
}
