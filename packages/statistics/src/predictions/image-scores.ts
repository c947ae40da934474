import { logSumExp, type SplitPredictions } from './split-predictions.ts';

/** What a network predicts for each image of a split, as arrays with one value per image. */
export interface ImageScores {
  /** Index of the highest logit (the first of equal ones); `classes` if an output beyond the classes is highest. */
  readonly prediction: Int32Array;
  readonly correct: Uint8Array;
  /** Softmax probability of the highest logit. */
  readonly confidence: Float64Array;
  /** Cross entropy in nats: −ln of the label's softmax probability. */
  readonly loss: Float64Array;
  /** Sum over all outputs of (probability − 1 for the label, − 0 otherwise)², 0…2. */
  readonly brier: Float64Array;
  /**
   * Number of outputs ranked above the label: higher logits, and equal ones with a lower index. Exact up to the number
   * of other outputs kept.
   */
  readonly rank: Int32Array;
}

/** Scores every image, with softmax in float64 over all outputs, including those beyond the classes. */
export function scoreImages(predictions: SplitPredictions): ImageScores {
  const { count } = predictions;
  const scores: ImageScores = {
    prediction: new Int32Array(count),
    correct: new Uint8Array(count),
    confidence: new Float64Array(count),
    loss: new Float64Array(count),
    brier: new Float64Array(count),
    rank: new Int32Array(count),
  };
  for (let image = 0; image < count; image++) scoreImage(predictions, image, scores);
  return scores;
}

function scoreImage({ classes, logits, labels, others }: SplitPredictions, image: number, scores: ImageScores): void {
  const from = image * classes;
  const label = labels[image]!;
  const labelLogit = logits[from + label]!;
  let prediction = 0;
  let highest = logits[from]!;
  let rank = 0;
  for (let c = 0; c < classes; c++) {
    const logit = logits[from + c]!;
    if (logit > highest) [prediction, highest] = [c, logit];
    if (logit > labelLogit || (logit === labelLogit && c < label)) rank++;
  }
  let normalizer = logSumExp(logits, from, from + classes);
  let squaresOfOthers = 0;
  if (others !== null) {
    const top = others.top.subarray(image * others.topColumns, (image + 1) * others.topColumns);
    const highestOther = top[0]!;
    if (highestOther > highest) [prediction, highest] = [classes, highestOther];
    rank += top.filter((logit) => logit > labelLogit).length;
    normalizer = logSumExp(Float64Array.of(normalizer, others.logSumExp[image]!), 0, 2);
    squaresOfOthers = Math.exp(others.logSumExpOfDoubles[image]! - 2 * normalizer);
  }
  let brier = squaresOfOthers;
  for (let c = 0; c < classes; c++) brier += (Math.exp(logits[from + c]! - normalizer) - (c === label ? 1 : 0)) ** 2;
  scores.prediction[image] = prediction;
  scores.correct[image] = prediction === label ? 1 : 0;
  scores.confidence[image] = Math.exp(highest - normalizer);
  scores.loss[image] = normalizer - labelLogit;
  scores.brier[image] = brier;
  scores.rank[image] = rank;
}
