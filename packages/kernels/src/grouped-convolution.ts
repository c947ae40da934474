import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { type Convolution, conv2d, conv2dGradFilter, conv2dGradInput } from './convolution.ts';
import { depthwiseConv2d, depthwiseConv2dGradFilter, depthwiseConv2dGradInput } from './depthwise-convolution.ts';

/** A convolution of `groups` parts of the channels, each with its part of the filters. */
type GroupedConvolution = Convolution & { readonly groups: number };

type Shape4D = readonly [number, number, number, number];

/** How many filters each channel has where every group is one channel; 0 where groups are wider. */
function filtersPerChannel([, , perGroup, filters]: Shape4D, groups: number): number {
  return perGroup === 1 ? filters / groups : 0;
}

/** [n, h, w, c] → [n, h, w, c · times]: each channel several times in a row. */
function repeated(x: Tensor4D, times: number): Tensor4D {
  if (times === 1) return x;
  const [n, h, w, c] = x.shape;
  return tf.reshape(tf.tile(tf.reshape(x, [n, h, w, c, 1]), [1, 1, 1, 1, times]), [n, h, w, c * times]);
}

/** The gradient of `repeated`. */
function summed(dx: Tensor4D, times: number): Tensor4D {
  if (times === 1) return dx;
  const [n, h, w, c] = dx.shape;
  return tf.sum(tf.reshape(dx, [n, h, w, c / times, times]), 4);
}

/** The part of the last axis that belongs to a group. */
function part<T extends Tensor4D | Tensor1D>(tensor: T, groups: number, group: number): T {
  const width = tensor.shape.at(-1)! / groups;
  const begin = tensor.shape.map((_, axis) => (axis === tensor.rank - 1 ? group * width : 0));
  const size = tensor.shape.map((extent, axis) => (axis === tensor.rank - 1 ? width : extent));
  return tf.slice(tensor, begin, size);
}

function byGroup(groups: number, run: (group: number) => Tensor4D): Tensor4D {
  return tf.concat(
    Array.from({ length: groups }, (_, group) => run(group)),
    3,
  );
}

/**
 * Convolution in groups, as PyTorch's `groups`, plus bias, then ReLU if requested.
 * @param x float32 [n, h, w, i]
 * @param filter float32 [kh, kw, i / groups, o]; the first o / groups filters see the first group, and so on
 * @param bias float32 [o], or null for none
 * @returns float32 [n, floor((h + 2 padding - kh) / stride) + 1, …, o]
 */
export function groupedConv2d(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  { groups, ...convolution }: GroupedConvolution & { relu?: boolean },
): Tensor4D {
  if (groups === 1) return conv2d(x, filter, bias, convolution);
  const times = filtersPerChannel(filter.shape, groups);
  return tf.tidy(() =>
    times > 0
      ? depthwiseConv2d(repeated(x, times), filter, bias, convolution)
      : byGroup(groups, (group) =>
          conv2d(part(x, groups, group), part(filter, groups, group), bias && part(bias, groups, group), convolution),
        ),
  );
}

/** Gradient of groupedConv2d with respect to its input; `onto` as in conv2dGradInput. */
export function groupedConv2dGradInput(
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: Shape4D,
  {
    groups,
    onto = null,
    overwriteOnto = false,
    ...convolution
  }: GroupedConvolution & { onto?: Tensor4D | null; overwriteOnto?: boolean },
): Tensor4D {
  if (groups === 1) return conv2dGradInput(dy, filter, inputShape, { ...convolution, onto, overwriteOnto });
  const times = filtersPerChannel(filter.shape, groups);
  const [n, h, w, channels] = inputShape;
  return tf.tidy(() => {
    const dx =
      times > 0
        ? summed(depthwiseConv2dGradInput(dy, filter, [n, h, w, channels * times], convolution), times)
        : byGroup(groups, (group) => {
            const shape = [n, h, w, channels / groups] as const;
            return conv2dGradInput(part(dy, groups, group), part(filter, groups, group), shape, convolution);
          });
    return onto ? tf.add(dx, onto) : dx;
  });
}

/** Gradient of groupedConv2d with respect to its filter of shape `filterShape` [kh, kw, i / groups, o]. */
export function groupedConv2dGradFilter(
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: Shape4D,
  { groups, ...convolution }: GroupedConvolution,
): Tensor4D {
  if (groups === 1) return conv2dGradFilter(x, dy, filterShape, convolution);
  const times = filtersPerChannel(filterShape, groups);
  const [kh, kw, perGroup, filters] = filterShape;
  return tf.tidy(() =>
    times > 0
      ? depthwiseConv2dGradFilter(repeated(x, times), dy, filterShape, convolution)
      : byGroup(groups, (group) => {
          const shape = [kh, kw, perGroup, filters / groups] as const;
          return conv2dGradFilter(part(x, groups, group), part(dy, groups, group), shape, convolution);
        }),
  );
}
