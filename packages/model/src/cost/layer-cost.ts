import type { ModelCost } from '@bakeoff/core';
import { layerWeights } from '../graph/layer-weights.ts';
import { isResidual, type PlacedLayer } from '../graph/place-layers.ts';

/** One layer's cost for one image; shapes without the batch axis. */
export interface LayerDescription extends ModelCost {
  /** Dotted path, PyTorch's where the layer has weights. */
  readonly name: string;
  readonly type: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
}

type Counts = Pick<ModelCost, 'macs' | 'ptflops' | 'fvcore' | 'thop'>;

const product = (shape: readonly number[]) => shape.reduce((total, extent) => total * extent, 1);
const NOTHING: Counts = { macs: 0, ptflops: 0, fvcore: 0, thop: 0 };

/**
 * Forward operations of one image by convention, as the packages count them:
 * - macs: multiply-accumulates of convolutions and dense layers;
 * - ptflops 0.7.5 (`backend: pytorch`, `count_functional: False`): MACs, 1 per output for a bias, 2 per input of batch norm, 1 per input of pooling,
 *   1 per output of a ReLU that is a module;
 * - fvcore 0.1.5: MACs without biases, 2 per input of batch norm in evaluation, 1 per input of adaptive average pooling;
 * - thop 0.1.1: MACs without biases, 4 per input of batch norm, inputs and outputs of adaptive average pooling.
 */
export function layerCounts(placed: PlacedLayer): Counts {
  const { layer } = placed;
  const [inputs, outputs] = [product(placed.input), product(placed.output)];
  switch (layer.type) {
    case 'conv2d': {
      const macs = outputs * layer.kernel ** 2 * (placed.input[2] as number);
      return { macs, ptflops: macs + (layer.bias ? outputs : 0), fvcore: macs, thop: macs };
    }
    case 'dense': {
      const macs = inputs * outputs;
      return { macs, ptflops: macs + outputs, fvcore: macs, thop: macs };
    }
    case 'batchNorm':
      return { macs: 0, ptflops: 2 * inputs, fvcore: 2 * inputs, thop: 4 * inputs };
    case 'relu':
      return { ...NOTHING, ptflops: layer.asModule ? outputs : 0 };
    case 'maxPool':
      return { ...NOTHING, ptflops: inputs };
    case 'globalAveragePool':
      return { macs: 0, ptflops: inputs, fvcore: inputs, thop: inputs + outputs };
    default:
      return NOTHING;
  }
}

export function parameterCount(placed: PlacedLayer): number {
  return layerWeights(placed).parameters.reduce((total, { shape }) => total + product(shape), 0);
}

/** All layers in the order they run, those of a residual's branch and shortcut before the sum itself. */
export function flattenLayers(placed: readonly PlacedLayer[]): readonly PlacedLayer[] {
  return placed.flatMap((each) =>
    isResidual(each) ? [...flattenLayers(each.branch), ...flattenLayers(each.shortcut), each] : [each],
  );
}
