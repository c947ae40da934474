import { averagePool } from './average-pool.ts';
import { batchNorm } from './batch-norm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { gelu } from './gelu.ts';
import { globalAveragePool } from './global-average-pool.ts';
import type { Layer, LayerType, LayerTypes } from './layer.ts';
import type { LayerKind } from './layer-kind.ts';
import { maxPool } from './max-pool.ts';
import { relu } from './relu.ts';
import { relu6 } from './relu6.ts';
import { residual } from './residual.ts';
import { scale } from './scale.ts';
import { shortcutA } from './shortcut-a.ts';
import { silu } from './silu.ts';
import { tanh } from './tanh.ts';

export type LayerKinds = { readonly [Type in LayerType]: LayerKind<LayerTypes[Type]> };

/** Every kind of layer by its type. To add one, add a file next to this one and a line here. */
export const layerKinds: LayerKinds = {
  averagePool,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  gelu,
  globalAveragePool,
  maxPool,
  relu,
  relu6,
  residual,
  scale,
  shortcutA,
  silu,
  tanh,
};

export function kindOf(layer: Layer): LayerKind {
  return layerKinds[layer.type];
}
