import { add as tfAdd } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DropoutAttributes } from '../kernel-contract.ts';
import { runKernel } from '../run-kernel.ts';

/** dy where the ReLU's output y is positive, else 0; with `overwrite` in the memory of dy where the engine can, as nobody reads dy afterwards. */
export function reluGrad<T extends Tensor>(dy: T, y: T, { overwrite = false }: { overwrite?: boolean } = {}): T {
  return runKernel('BakeoffReluGrad', { dy, y }, { overwrite }) as T;
}

/** dy * (1 - y²), with y the output of tanh. */
export function tanhGrad<T extends Tensor>(dy: T, y: T): T {
  return runKernel('BakeoffTanhGrad', { dy, y }, {}) as T;
}

/** max(0, a + b), shapes equal: the end of a residual block. Both inputs' gradient is reluGrad(dy, y). */
export function addRelu<T extends Tensor>(a: T, b: T): T {
  return runKernel('BakeoffAddRelu', { a, b }, {}) as T;
}

/** a + b. */
export function add<T extends Tensor>(a: T, b: T): T {
  return tfAdd(a, b);
}

/**
 * Keeps element i iff dropoutHash(i, key) ≥ rate * 2³² and scales it by 1 / (1 - rate); with perChannel the index is
 * n * C + c for the whole channel c of sample n. The mask is a function of (key, shape) alone, the same on every engine,
 * and the gradient is the same call on dy.
 */
export function dropout<T extends Tensor>(x: T, { rate, key, perChannel }: DropoutAttributes): T {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`Dropout rate ${rate} is not in [0, 1).`);
  if (perChannel && x.rank < 2)
    throw new RangeError(`Dropout by channel needs a batch and a channel axis, received rank ${x.rank}.`);
  return runKernel('BakeoffDropout', { x }, { rate, key, perChannel }) as T;
}
