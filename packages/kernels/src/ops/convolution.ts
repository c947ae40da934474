import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { WindowAttributes } from '../kernel-contract.ts';
import { runKernel } from '../run-kernel.ts';

export type Convolution = WindowAttributes;
type Shape4D = readonly [number, number, number, number];

/**
 * Convolution, plus bias, then ReLU where asked, in one kernel.
 * @param x float32 [n, h, w, i]
 * @param filter float32 [kh, kw, i, o]
 * @param bias float32 [o], or null for none
 * @returns float32 [n, floor((h + 2 padding - kh) / stride) + 1, …, o]
 */
export function conv2d(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  convolution: Convolution & { relu?: boolean },
): Tensor4D {
  const { stride, padding, relu = false } = convolution;
  return runKernel('BakeoffConv2D', bias ? { x, filter, bias } : { x, filter }, { stride, padding, relu }) as Tensor4D;
}

/**
 * Gradient of a convolution by its input of shape `inputShape` [n, h, w, i], from dy [n, oh, ow, o]; plus `onto`, of that shape, where given: in its
 * memory with `overwriteOnto` (as nobody reads it afterwards) where the engine can.
 */
export function conv2dGradInput(
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: Shape4D,
  {
    stride,
    padding,
    onto = null,
    overwriteOnto = false,
  }: Convolution & { onto?: Tensor4D | null; overwriteOnto?: boolean },
): Tensor4D {
  return runKernel('BakeoffConv2DGradInput', onto ? { dy, filter, onto } : { dy, filter }, {
    stride,
    padding,
    overwriteOnto,
    inputShape: [...inputShape],
  }) as Tensor4D;
}

/** Gradient of a convolution by its filter of shape `filterShape` [kh, kw, i, o]. */
export function conv2dGradFilter(
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: Shape4D,
  { stride, padding }: Convolution,
): Tensor4D {
  return runKernel(
    'BakeoffConv2DGradFilter',
    { x, dy },
    { stride, padding, filterShape: [...filterShape] },
  ) as Tensor4D;
}

/** Gradient of a bias: dy summed over all axes but the last. */
export function biasGrad(dy: Tensor): Tensor1D {
  return runKernel('BakeoffBiasGrad', { dy }, {}) as Tensor1D;
}
