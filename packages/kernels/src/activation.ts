import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface Overwriting {
  /** Nothing reads dy afterwards, so an engine may reuse its memory. */
  overwrite: boolean;
}

export interface ActivationKernels<T> {
  BakeoffReluGrad(inputs: { dy: T; y: T }, attrs: Overwriting): T;
  BakeoffTanhGrad(inputs: { dy: T; y: T }, attrs: Record<string, never>): T;
  BakeoffRelu6Grad(inputs: { dy: T; y: T }, attrs: Overwriting): T;
  BakeoffGelu(inputs: { x: T }, attrs: Record<string, never>): T;
  BakeoffGeluGrad(inputs: { dy: T; x: T }, attrs: Overwriting): T;
  BakeoffSilu(inputs: { x: T }, attrs: Record<string, never>): T;
  BakeoffSiluGrad(inputs: { dy: T; x: T }, attrs: Overwriting): T;
  BakeoffAddRelu(inputs: { a: T; b: T }, attrs: Record<string, never>): T;
}

/** Φ(x), the distribution function of the standard normal distribution. */
const normalDistribution = (x: Tensor): Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);

export const activationKernels: KernelRows<ActivationKernels<Tensor>> = {
  BakeoffReluGrad: {
    composed: ({ dy, y }) => tf.tidy(() => tf.mul(dy, tf.step(y))),
    gradient: null,
  },
  BakeoffTanhGrad: {
    composed: ({ dy, y }) => tf.tidy(() => tf.mul(dy, tf.sub(1, tf.square(y)))),
    gradient: null,
  },
  BakeoffRelu6Grad: {
    composed: ({ dy, y }) => tf.tidy(() => tf.mul(dy, tf.mul(tf.step(y), tf.step(tf.sub(6, y))))),
    gradient: null,
  },
  BakeoffGelu: {
    composed: ({ x }) => tf.tidy(() => tf.mul(x, normalDistribution(x))),
    gradient: {
      inputs: ['x'],
      outputs: [false],
      by: (dys, saved) => ({ x: () => geluGrad(at(dys, 0), at(saved, 0)) }),
    },
  },
  BakeoffGeluGrad: {
    composed: ({ dy, x }) =>
      tf.tidy(() => {
        const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(normalDistribution(x), tf.mul(x, density)));
      }),
    gradient: null,
  },
  BakeoffSilu: {
    composed: ({ x }) => tf.tidy(() => tf.mul(x, tf.sigmoid(x))),
    gradient: {
      inputs: ['x'],
      outputs: [false],
      by: (dys, saved) => ({ x: () => siluGrad(at(dys, 0), at(saved, 0)) }),
    },
  },
  BakeoffSiluGrad: {
    composed: ({ dy, x }) =>
      tf.tidy(() => {
        const s = tf.sigmoid(x);
        return tf.mul(dy, tf.mul(s, tf.add(1, tf.mul(x, tf.sub(1, s)))));
      }),
    gradient: null,
  },
  BakeoffAddRelu: {
    composed: ({ a, b }) => tf.tidy(() => tf.relu(tf.add(a, b))),
    gradient: {
      inputs: [],
      outputs: [true],
      by: (dys, saved) => {
        const gradient = reluGrad(at(dys, 0), at(saved, 0));
        return { a: () => gradient, b: () => tf.clone(gradient) };
      },
    },
  },
};
const run = kernelRunner<ActivationKernels<Tensor>>(activationKernels);

/**
 * dy where the ReLU's output y is positive, else 0. With `overwrite`, nothing reads dy afterwards, and the engine may
 * reuse its memory.
 */
export function reluGrad<T extends Tensor>(dy: T, y: T, { overwrite = false }: { overwrite?: boolean } = {}): T {
  return run('BakeoffReluGrad', { dy, y }, { overwrite }) as T;
}

/** dy * (1 - y²), with y the output of tanh. */
export function tanhGrad<T extends Tensor>(dy: T, y: T): T {
  return run('BakeoffTanhGrad', { dy, y }, {}) as T;
}

/** dy where the output y of relu6 is between 0 and 6, else 0; `overwrite` as in reluGrad. */
export function relu6Grad<T extends Tensor>(dy: T, y: T, { overwrite = false }: { overwrite?: boolean } = {}): T {
  return run('BakeoffRelu6Grad', { dy, y }, { overwrite }) as T;
}

/** x · Φ(x), Φ being the standard normal distribution (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
export function gelu<T extends Tensor>(x: T): T {
  return run('BakeoffGelu', { x }, {}) as T;
}

/** dy · (Φ(x) + x · φ(x)), with x the input of gelu; `overwrite` as in reluGrad. */
export function geluGrad<T extends Tensor>(dy: T, x: T, { overwrite = false }: { overwrite?: boolean } = {}): T {
  return run('BakeoffGeluGrad', { dy, x }, { overwrite }) as T;
}

/** x · σ(x), σ being the logistic function (Elfwing et al. 2018, arXiv:1702.03118). */
export function silu<T extends Tensor>(x: T): T {
  return run('BakeoffSilu', { x }, {}) as T;
}

/** dy · σ(x) · (1 + x · (1 − σ(x))), with x the input of silu; `overwrite` as in reluGrad. */
export function siluGrad<T extends Tensor>(dy: T, x: T, { overwrite = false }: { overwrite?: boolean } = {}): T {
  return run('BakeoffSiluGrad', { dy, x }, { overwrite }) as T;
}

/** max(0, a + b), shapes equal: the end of a residual block. The gradient for both inputs is reluGrad(dy, y). */
export function addRelu<T extends Tensor>(a: T, b: T): T {
  return run('BakeoffAddRelu', { a, b }, {}) as T;
}

/** a + b. */
export function add<T extends Tensor>(a: T, b: T): T {
  return tf.add(a, b);
}
