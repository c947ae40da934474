/** Extents of one sample, without the batch axis: [height, width, channels] or [features]. */
export type Shape = readonly number[];

/**
 * How a layer's weights start, by PyTorch's names:
 * - `torchDefault`: kaiming_uniform_(a = √5), that is U(±1/√fanIn), what torch.nn.Conv2d and Linear do by themselves;
 * - `kaimingNormalFanIn` / `kaimingNormalFanOut`: N(0, 2/fan) (He et al. 2015, arXiv:1502.01852);
 * - `xavierUniform`: U(±√(6/(fanIn + fanOut))) (Glorot and Bengio 2010).
 * Biases always start as torch's default, U(±1/√fanIn).
 */
export type WeightInitializer = 'torchDefault' | 'kaimingNormalFanIn' | 'kaimingNormalFanOut' | 'xavierUniform';

export interface Conv2dLayer {
  readonly type: 'conv2d';
  readonly name: string;
  readonly filters: number;
  /** Square kernel's side. */
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on each side, as PyTorch pads. */
  readonly padding: number;
  readonly bias: boolean;
  readonly initializer: WeightInitializer;
}

export interface DenseLayer {
  readonly type: 'dense';
  readonly name: string;
  readonly units: number;
  readonly initializer: WeightInitializer;
}

/** Over all axes but the last; ε 1e-5, running momentum 0.1. */
export interface BatchNormLayer {
  readonly type: 'batchNorm';
  readonly name: string;
}

/** `asModule`: PyTorch's definition of the network has it as a module; ptflops counts those and leaves function calls out. */
interface ReluLayer {
  readonly type: 'relu';
  readonly asModule: boolean;
}

interface TanhLayer {
  readonly type: 'tanh';
}

/** `perChannel` drops whole channels of a sample (dropout2d). */
interface DropoutLayer {
  readonly type: 'dropout';
  readonly rate: number;
  readonly perChannel: boolean;
}

export interface MaxPoolLayer {
  readonly type: 'maxPool';
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

interface GlobalAveragePoolLayer {
  readonly type: 'globalAveragePool';
}

/** [h, w, c] → [h·w·c], in that order (PyTorch's is c, h, w). */
interface FlattenLayer {
  readonly type: 'flatten';
}

/** He et al. 2016's option A: every `stride`-th pixel, then as many zero channels before as behind (or, fewer channels: cropped). */
export interface ShortcutALayer {
  readonly type: 'shortcutA';
  readonly stride: number;
  readonly channels: number;
}

/** Sum of two paths from one input; an empty `shortcut` is the identity. */
export interface ResidualLayer {
  readonly type: 'residual';
  readonly name: string;
  readonly branch: readonly Layer[];
  readonly shortcut: readonly Layer[];
}

/** A network is a list of layers, as data: cost analysis and the executor both walk it. */
export type Layer =
  | Conv2dLayer
  | DenseLayer
  | BatchNormLayer
  | ReluLayer
  | TanhLayer
  | DropoutLayer
  | MaxPoolLayer
  | GlobalAveragePoolLayer
  | FlattenLayer
  | ShortcutALayer
  | ResidualLayer;
