import type { z } from 'zod';
import type { Shape } from './layer.ts';
import type { initializerSetting } from './written-layer.ts';

/**
 * How a layer's weights are initialized, by PyTorch's names:
 * - `torchDefault`: kaiming_uniform_(a = √5), that is U(±1/√fanIn), the default of torch.nn.Conv2d and Linear;
 * - `kaimingNormalFanIn` / `kaimingNormalFanOut`: N(0, 2/fan) (He et al. 2015, arXiv:1502.01852);
 * - `kaimingUniformFanIn` / `kaimingUniformFanOut`: U(±√(6/fan)), of the same variance;
 * - `xavierNormal`: N(0, 2/(fanIn + fanOut)) (Glorot and Bengio 2010);
 * - `xavierUniform`: U(±√(6/(fanIn + fanOut))), of the same variance.
 * Biases are always initialized with torch's default, U(±1/√fanIn).
 */
export type WeightInitializer = z.output<typeof initializerSetting>;

type Start =
  | { readonly initializer: WeightInitializer | 'bias'; readonly fanIn: number; readonly fanOut: number }
  | { readonly initializer: 'zeros' | 'ones' };

/**
 * A weight tensor of a layer: PyTorch's name, our shape (convolutions [h, w, in, out], dense [in, out]) and its
 * initializer.
 */
export interface WeightSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly start: Start;
}

export interface LayerWeights {
  /** Trainable. */
  readonly parameters: readonly WeightSpec[];
  /** Running statistics. */
  readonly buffers: readonly WeightSpec[];
}

/**
 * `<name>.weight` of `shape` [..., in, out] and, with `bias`, `<name>.bias` [out]; each output depends on `receptive` ×
 * in values.
 */
export function affineWeights(
  name: string,
  shape: Shape,
  { inputs, outputs, receptive, initializer, bias }: AffineSettings,
): LayerWeights {
  const fans = { fanIn: receptive * inputs, fanOut: receptive * outputs };
  const parameters: WeightSpec[] = [{ name: `${name}.weight`, shape, start: { initializer, ...fans } }];
  if (bias) parameters.push({ name: `${name}.bias`, shape: [outputs], start: { initializer: 'bias', ...fans } });
  return { parameters, buffers: [] };
}

interface AffineSettings {
  readonly inputs: number;
  readonly outputs: number;
  /** Positions of the input that an output sees: a kernel's area, 1 for a dense layer. */
  readonly receptive: number;
  readonly initializer: WeightInitializer;
  readonly bias: boolean;
}
