import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { PoolAttributes, ShortcutAttributes } from '../kernel-contract.ts';
import { runKernel } from '../run-kernel.ts';

type Shape4D = readonly [number, number, number, number];

/**
 * ResNet's parameter-free shortcut (He et al. 2016, option A): every stride-th pixel, channelPad zero channels on each side
 * (a negative number crops): [n, ceil(h / stride), ceil(w / stride), c + 2 channelPad].
 */
export function shortcutA(x: Tensor4D, { stride, channelPad }: ShortcutAttributes): Tensor4D {
  return runKernel('BakeoffShortcutA', { x }, { stride, channelPad }) as Tensor4D;
}

export function shortcutAGrad(dy: Tensor4D, inputShape: Shape4D, { stride, channelPad }: ShortcutAttributes): Tensor4D {
  return runKernel('BakeoffShortcutAGrad', { dy }, { stride, channelPad, inputShape: [...inputShape] }) as Tensor4D;
}

/** Mean over height and width: [n, h, w, c] -> [n, c]. */
export function globalAveragePool(x: Tensor4D): Tensor2D {
  return runKernel('BakeoffGlobalAveragePool', { x }, {}) as Tensor2D;
}

export function globalAveragePoolGrad(dy: Tensor2D, inputShape: Shape4D): Tensor4D {
  return runKernel('BakeoffGlobalAveragePoolGrad', { dy }, { inputShape: [...inputShape] }) as Tensor4D;
}

/** Maximum of size x size windows; the padding counts as minus infinity, as in PyTorch. */
export function maxPool(x: Tensor4D, { size, stride, padding }: PoolAttributes): Tensor4D {
  return runKernel('BakeoffMaxPool', { x }, { size, stride, padding }) as Tensor4D;
}

/** Each window's dy goes to its first maximum in row order, as in PyTorch; y = maxPool(x). */
export function maxPoolGrad(
  x: Tensor4D,
  y: Tensor4D,
  dy: Tensor4D,
  { size, stride, padding }: PoolAttributes,
): Tensor4D {
  return runKernel('BakeoffMaxPoolGrad', { x, y, dy }, { size, stride, padding }) as Tensor4D;
}
