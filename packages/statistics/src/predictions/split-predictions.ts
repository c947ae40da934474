/**
 * A network's outputs for the images of one split, in the split's order.
 *
 * A network may have more outputs than the dataset has classes (torchvision's ResNet18 keeps its 1000). Those beyond
 * the classes are stored as the few numbers that the scores need, not as columns: 10,000 × 1000 logits would be 40 MB
 * per run.
 */
export interface SplitPredictions {
  readonly count: number;
  readonly classes: number;
  /** The classes' logits, [count, classes]. */
  readonly logits: Float32Array;
  readonly labels: Uint8Array;
  /** Ids of the images in their split. */
  readonly ids: Int32Array;
  /** Null if the network has one output per class. */
  readonly others: OtherOutputs | null;
}

/** What is kept of the logits beyond the classes. */
interface OtherOutputs {
  /** Highest first, [count, topColumns]. */
  readonly top: Float32Array;
  readonly topColumns: number;
  /** ln Σ exp(logit) over the other outputs, [count]. */
  readonly logSumExp: Float64Array;
  /** ln Σ exp(2 · logit) over the other outputs, for the Brier score, [count]. */
  readonly logSumExpOfDoubles: Float64Array;
}

/** ln Σ exp(factor · value) of values[from … to), without overflow. */
export function logSumExp(values: Float32Array | Float64Array, from: number, to: number, factor = 1): number {
  let highest = -Infinity;
  for (let i = from; i < to; i++) highest = Math.max(highest, values[i]!);
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.exp(factor * (values[i]! - highest));
  return factor * highest + Math.log(sum);
}
