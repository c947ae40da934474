// Softmax and cross entropy in one pass per sample.
import { exp, log } from './math';
import { floats, horizontalSum, loadLanes, storeLanes } from './simd';

@inline
function argmax(row: usize, classes: i32): i32 {
  let best = 0;
  for (let c = 1; c < classes; ++c) if (load<f32>(row + floats(c)) > load<f32>(row + floats(best))) best = c;
  return best;
}

/**
 * losses[n] = -log softmax(logits[n])[labels[n]]; correct[n] = 1 where the first largest logit is the label's;
 * dLogits = (softmax - one-hot) / batch, the gradient of the mean loss.
 */
export function softmaxCrossEntropy(
  logits: usize,
  labels: usize,
  losses: usize,
  correct: usize,
  dLogits: usize,
  batch: i32,
  classes: i32,
): void {
  const whole = classes & ~3,
    rest = classes & 3,
    share: f32 = <f32>1 / <f32>batch;
  for (let n = 0; n < batch; ++n) {
    const label = load<i32>(labels + floats(n)),
      best = argmax(logits, classes),
      peak = load<f32>(logits + floats(best));
    let sums = f32x4.splat(0);
    for (let c = 0; c < whole; c += 4) {
      const e = exp(f32x4.sub(v128.load(logits + floats(c)), f32x4.splat(peak)));
      v128.store(dLogits + floats(c), e);
      sums = f32x4.add(sums, e);
    }
    let sum = horizontalSum(sums);
    if (rest) {
      const e = exp(f32x4.sub(loadLanes(logits + floats(whole), rest), f32x4.splat(peak)));
      storeLanes(dLogits + floats(whole), e, rest);
      for (let c = whole; c < classes; ++c) sum += load<f32>(dLogits + floats(c));
    }
    store<f32>(losses + floats(n), <f32>(log(<f64>sum) + <f64>peak - <f64>load<f32>(logits + floats(label))));
    store<f32>(correct + floats(n), best == label ? 1 : 0);
    const factor: f32 = share / sum;
    for (let c = 0; c < classes; ++c) store<f32>(dLogits + floats(c), load<f32>(dLogits + floats(c)) * factor);
    store<f32>(dLogits + floats(label), load<f32>(dLogits + floats(label)) - share);
    logits += floats(classes);
    dLogits += floats(classes);
  }
}
