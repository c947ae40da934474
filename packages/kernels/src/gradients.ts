import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type {
  DenseActivation,
  DropoutAttributes,
  KernelName,
  PoolAttributes,
  ShortcutAttributes,
  WindowAttributes,
} from './kernel-contract.ts';
import { callKernel } from './call-kernel.ts';

// TensorFlow.js keeps one gradient per kernel name for all backends, so each dispatches through the engine. A function per
// input runs in a tidy of its own: what several of them need is computed before, in the gradient function's body.

/** No engine's batch norm returns more tensors of statistics than this. */
const MOST_STATISTICS = 3;

/** Tensors on the tape are the tape's. */
const KEEP = { overwrite: false };

type Gradient = (dys: Tensor[], saved: Tensor[], attrs: never) => Record<string, () => Tensor>;

function register(kernelName: KernelName, inputsToSave: string[], outputsToSave: boolean[], gradient: Gradient): void {
  if (tf.getGradient(kernelName)) return;
  const gradFunc = (dy: Tensor | Tensor[], saved: Tensor[], attrs: unknown) =>
    gradient(Array.isArray(dy) ? dy : [dy], saved, attrs as never);
  tf.registerGradient({ kernelName, inputsToSave, outputsToSave, gradFunc });
}

const at = (tensors: readonly Tensor[], index: number): Tensor => {
  const tensor = tensors[index];
  if (!tensor)
    throw new Error(`TensorFlow.js saved ${tensors.length} tensors for a gradient that needs number ${index}.`);
  return tensor;
};

function registerLayers(): void {
  register('BakeoffConv2D', ['x', 'filter'], [true], (dys, saved, attrs: WindowAttributes & { relu: boolean }) => {
    const { stride, padding } = attrs,
      x = at(saved, 0),
      filter = at(saved, 1);
    const dy = attrs.relu ? callKernel('BakeoffReluGrad', { dy: at(dys, 0), y: at(saved, 2) }, KEEP) : at(dys, 0);
    return {
      x: () =>
        callKernel(
          'BakeoffConv2DGradInput',
          { dy, filter },
          { stride, padding, inputShape: x.shape, overwriteOnto: false },
        ),
      filter: () => callKernel('BakeoffConv2DGradFilter', { x, dy }, { stride, padding, filterShape: filter.shape }),
      bias: () => callKernel('BakeoffBiasGrad', { dy }, {}),
    };
  });
  register('BakeoffDense', ['x', 'weights'], [true], (dys, saved, { activation }: { activation?: DenseActivation }) => {
    const x = at(saved, 0),
      weights = at(saved, 1),
      y = at(saved, 2);
    let dy = at(dys, 0);
    if (activation)
      dy =
        activation === 'relu'
          ? callKernel('BakeoffReluGrad', { dy, y }, KEEP)
          : callKernel('BakeoffTanhGrad', { dy, y }, {});
    return {
      x: () => callKernel('BakeoffDenseGradInput', { dy, weights }, {}),
      weights: () => callKernel('BakeoffDenseGradWeights', { x, dy }, {}),
      bias: () => callKernel('BakeoffBiasGrad', { dy }, {}),
    };
  });
  // The statistics are by-products: no gradient flows through them.
  register(
    'BakeoffBatchNorm',
    ['x', 'gamma'],
    [true, ...Array<true>(MOST_STATISTICS).fill(true)],
    (dys, saved, { epsilon, relu }: { epsilon: number; relu: boolean }) => {
      const x = at(saved, 0),
        gamma = at(saved, 1),
        statistics = saved.slice(3);
      const dy = relu ? callKernel('BakeoffReluGrad', { dy: at(dys, 0), y: at(saved, 2) }, KEEP) : at(dys, 0);
      const [dx, dGamma, dBeta] = callKernel(
        'BakeoffBatchNormGrad',
        { x, dy, gamma, statistics },
        { ...KEEP, epsilon, relu: false, residual: false, inputRelu: false },
      );
      return { x: () => dx, gamma: () => dGamma, beta: () => dBeta, residual: () => tf.clone(dy) };
    },
  );
  register('BakeoffScaleShift', ['x', 'scale'], [true], (dys, saved, { relu }: { relu: boolean }) => {
    const x = at(saved, 0),
      scale = at(saved, 1);
    const dy = relu ? callKernel('BakeoffReluGrad', { dy: at(dys, 0), y: at(saved, 2) }, KEEP) : at(dys, 0);
    return {
      x: () => tf.mul(dy, scale),
      scale: () => callKernel('BakeoffBiasGrad', { dy: tf.mul(dy, x) }, {}),
      shift: () => callKernel('BakeoffBiasGrad', { dy }, {}),
    };
  });
}

function registerElementwise(): void {
  register('BakeoffAddRelu', [], [true], (dys, saved) => {
    const gradient = callKernel('BakeoffReluGrad', { dy: at(dys, 0), y: at(saved, 0) }, KEEP);
    return { a: () => gradient, b: () => tf.clone(gradient) };
  });
  register('BakeoffDropout', [], [], (dys, _saved, attrs: DropoutAttributes) => ({
    x: () => callKernel('BakeoffDropout', { x: at(dys, 0) }, attrs),
  }));
  register('BakeoffSoftmaxCrossEntropy', [], [false, false, true], (dys, saved) => {
    const dLosses = at(dys, 0),
      dLogits = at(saved, 0),
      batch = dLogits.shape[0] ?? 1;
    return { logits: () => tf.mul(dLogits, tf.reshape(tf.mul(dLosses, batch), [batch, 1])) };
  });
}

function registerPooling(): void {
  register('BakeoffShortcutA', ['x'], [], (dys, saved, attrs: ShortcutAttributes) => ({
    x: () => callKernel('BakeoffShortcutAGrad', { dy: at(dys, 0) }, { ...attrs, inputShape: at(saved, 0).shape }),
  }));
  register('BakeoffGlobalAveragePool', ['x'], [], (dys, saved) => ({
    x: () => callKernel('BakeoffGlobalAveragePoolGrad', { dy: at(dys, 0) }, { inputShape: at(saved, 0).shape }),
  }));
  register('BakeoffMaxPool', ['x'], [true], (dys, saved, attrs: PoolAttributes) => ({
    x: () => callKernel('BakeoffMaxPoolGrad', { x: at(saved, 0), y: at(saved, 1), dy: at(dys, 0) }, attrs),
  }));
}

/** Registers the gradient of every differentiable kernel, so that tf.grads sees through them. Safe to call again. */
export function registerGradients(): void {
  registerLayers();
  registerElementwise();
  registerPooling();
}
