import { batchNorm } from './batch-norm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalAveragePool } from './global-average-pool.ts';
import type { Layer, LayerType, LayerTypes } from './layer.ts';
import type { LayerKind } from './layer-kind.ts';
import { maxPool } from './max-pool.ts';
import { relu } from './relu.ts';
import { residual } from './residual.ts';
import { shortcutA } from './shortcut-a.ts';
import { tanh } from './tanh.ts';

export type LayerKinds = { readonly [Type in LayerType]: LayerKind<LayerTypes[Type]> };

/** Every kind of layer by its type. To add one, add a file next to this one and a line here. */
export const layerKinds: LayerKinds = {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePool,
  maxPool,
  relu,
  residual,
  shortcutA,
  tanh,
};

export function kindOf(layer: Layer): LayerKind {
  return layerKinds[layer.type];
}
