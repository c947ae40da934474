import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { AdamAttributes, SgdAttributes } from '../kernel-contract.ts';
import { runKernel } from '../run-kernel.ts';

/** What an optimizer changes: each parameter with its gradient, both float32 of the same shape, in the same order. */
interface Update {
  readonly parameters: readonly Variable[];
  readonly gradients: readonly Tensor[];
}

function checkUpdate({ parameters, gradients }: Update, slots: readonly Variable[]): void {
  const sizes = parameters.map(({ size }) => size),
    total = sizes.reduce((sum, size) => sum + size, 0);
  if (gradients.length !== sizes.length || gradients.some(({ size }, i) => size !== sizes[i])) {
    throw new Error(
      `The gradients of parameters of sizes ${sizes.join(', ')} have sizes ${gradients.map(({ size }) => size).join(', ')}.`,
    );
  }
  for (const slot of slots)
    if (slot.rank !== 1 || slot.size !== total)
      throw new Error(
        `An optimizer of ${total} elements needs state of shape [${total}], received [${slot.shape.join(', ')}].`,
      );
}

/**
 * One step of torch.optim.Adam (l2, coupled) or torch.optim.AdamW (weightDecay, decoupled) over all parameters, in PyTorch's order of operations.
 * m and v are float32 vectors of the parameters' elements, one parameter after the other. Parameters, m and v change in place; a tensor that shares
 * a variable's data (a clone, a reshaped view) keeps the old values.
 */
export function adamUpdate(
  tensors: Update & { readonly m: Variable; readonly v: Variable },
  attributes: AdamAttributes,
): void {
  const { parameters, gradients, m, v } = tensors;
  const { learningRate, beta1, beta2, epsilon, l2, weightDecay, step } = attributes;
  checkUpdate(tensors, [m, v]);
  runKernel(
    'BakeoffAdamUpdate',
    { parameters, gradients, m, v },
    { learningRate, beta1, beta2, epsilon, l2, weightDecay, step },
  );
}

/** One step of torch.optim.SGD; velocity null without momentum, otherwise a vector as Adam's m (its first content is not read). */
export function sgdUpdate(tensors: Update & { readonly velocity: Variable | null }, attributes: SgdAttributes): void {
  const { parameters, gradients, velocity } = tensors;
  const { learningRate, momentum, nesterov, l2, step } = attributes;
  checkUpdate(tensors, velocity ? [velocity] : []);
  runKernel('BakeoffSgdUpdate', velocity ? { parameters, gradients, velocity } : { parameters, gradients }, {
    learningRate,
    momentum,
    nesterov,
    l2,
    step,
  });
}
