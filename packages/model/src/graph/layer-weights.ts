import type { WeightInitializer } from '../architectures/layers.ts';
import type { PlacedLayer } from './place-layers.ts';

type Start =
  | { readonly initializer: WeightInitializer | 'bias'; readonly fanIn: number; readonly fanOut: number }
  | { readonly initializer: 'zeros' | 'ones' };

/** A weight tensor of a layer: PyTorch's name, our shape (convolutions [h, w, in, out], dense [in, out]) and how it starts. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Start;
}

export interface LayerWeights {
  readonly parameters: readonly WeightSpec[];
  readonly buffers: readonly WeightSpec[];
}

function affine(name: string, shape: readonly number[], initializer: WeightInitializer, bias: boolean): LayerWeights {
  const outputs = shape.at(-1) as number;
  const receptive = shape.slice(0, -2).reduce((product, extent) => product * extent, 1);
  const fans = { fanIn: receptive * (shape.at(-2) as number), fanOut: receptive * outputs };
  const parameters: WeightSpec[] = [{ name: `${name}.weight`, shape, start: { initializer, ...fans } }];
  if (bias) parameters.push({ name: `${name}.bias`, shape: [outputs], start: { initializer: 'bias', ...fans } });
  return { parameters, buffers: [] };
}

/** The trainable parameters and running statistics of one layer (of a residual: none, its paths' layers have their own). */
export function layerWeights({ layer, input }: PlacedLayer): LayerWeights {
  const channels = input.at(-1) as number;
  const vector = (suffix: string, initializer: 'zeros' | 'ones'): WeightSpec => ({
    name: `${'name' in layer ? layer.name : ''}.${suffix}`,
    shape: [channels],
    start: { initializer },
  });
  switch (layer.type) {
    case 'conv2d':
      return affine(layer.name, [layer.kernel, layer.kernel, channels, layer.filters], layer.initializer, layer.bias);
    case 'dense':
      return affine(layer.name, [channels, layer.units], layer.initializer, true);
    case 'batchNorm':
      return {
        parameters: [vector('weight', 'ones'), vector('bias', 'zeros')],
        buffers: [vector('running_mean', 'zeros'), vector('running_var', 'ones')],
      };
    default:
      return { parameters: [], buffers: [] };
  }
}
