import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runKernel } from '../run-kernel.ts';

export interface CrossEntropy {
  /** float32 [n]: -log softmax(logits)[label]. */
  losses: Tensor1D;
  /** float32 [n]: 1 where the first largest logit is the label's, else 0. */
  correct: Tensor1D;
  /** float32 [n, classes]: (softmax - one-hot) / n, the gradient of the mean loss. */
  dLogits: Tensor2D;
}

/** Cross entropy of softmax over logits [n, classes]; labels int32 [n] in [0, classes). */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): CrossEntropy {
  const [losses, correct, dLogits] = runKernel('BakeoffSoftmaxCrossEntropy', { logits, labels }, {});
  return { losses: losses as Tensor1D, correct: correct as Tensor1D, dLogits: dLogits as Tensor2D };
}
