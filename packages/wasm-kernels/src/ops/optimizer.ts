import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { AdamAttributes, SgdAttributes } from '../kernel-contract.ts';
import { runKernel } from '../run-kernel.ts';

/**
 * One step of torch.optim.Adam (l2, coupled) or torch.optim.AdamW (weightDecay, decoupled), in PyTorch's order of operations.
 * parameter, m and v are float32 of the gradient's shape and change in place; a tensor that shares a variable's data
 * (a clone, a reshaped view) keeps the old values.
 */
export function adamUpdate(tensors: { parameter: Variable; gradient: Tensor; m: Variable; v: Variable }, attributes: AdamAttributes): void {
  const { parameter, gradient, m, v } = tensors;
  const { learningRate, beta1, beta2, epsilon, l2, weightDecay, step } = attributes;
  runKernel('BakeoffAdamUpdate', { parameter, gradient, m, v }, { learningRate, beta1, beta2, epsilon, l2, weightDecay, step });
}

/** One step of torch.optim.SGD; velocity null without momentum, otherwise of the gradient's shape (its first content is not read). */
export function sgdUpdate(tensors: { parameter: Variable; gradient: Tensor; velocity: Variable | null }, attributes: SgdAttributes): void {
  const { parameter, gradient, velocity } = tensors;
  const { learningRate, momentum, nesterov, l2, step } = attributes;
  runKernel('BakeoffSgdUpdate', velocity ? { parameter, gradient, velocity } : { parameter, gradient }, { learningRate, momentum, nesterov, l2, step });
}
