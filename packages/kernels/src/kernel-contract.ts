/**
 * The kernels: names, inputs, attributes, outputs. Every engine implements this contract: AssemblyScript on 'wasm' (T = TensorInfo), composed
 * TensorFlow.js operations on 'cpu' (T = Tensor), other packages elsewhere. float32 NHWC unless said otherwise.
 */

export interface WindowAttributes {
  /** Rows and columns between neighbouring windows. */
  stride: number;
  /** Zero rows and columns on every side, as in PyTorch. */
  padding: number;
}

export interface PoolAttributes extends WindowAttributes {
  /** Height and width of a window. */
  size: number;
}

export interface ShortcutAttributes {
  stride: number;
  /** Zero channels added on each side; a negative number crops. */
  channelPad: number;
}

export interface DropoutAttributes {
  /** Probability of dropping, in [0, 1). */
  rate: number;
  /** uint32; see dropoutKey. */
  key: number;
  /** One decision per sample and channel instead of one per element. */
  perChannel: boolean;
}

export interface AdamAttributes {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Added to the gradient as l2 * parameter (torch.optim.Adam's weight_decay). */
  l2: number;
  /** Decoupled decay: parameter *= 1 - learningRate * weightDecay first (torch.optim.AdamW). */
  weightDecay: number;
  /** Counted from 1. */
  step: number;
}

export interface SgdAttributes {
  learningRate: number;
  momentum: number;
  nesterov: boolean;
  l2: number;
  /** Counted from 1: the first step starts the velocity. */
  step: number;
}

interface Overwriting {
  /** Nobody reads dy afterwards, so that an engine may compute in its memory. */
  overwrite: boolean;
}

interface BatchNormGradAttributes extends Overwriting {
  epsilon: number;
  /** A ReLU follows the normalisation (and the residual). */
  relu: boolean;
  /** A residual was added before the ReLU, and its gradient is wanted: dy where the ReLU was open. */
  residual: boolean;
  /** x is the output of a ReLU: dx is to be the gradient before it, 0 where x is not positive. */
  inputRelu: boolean;
}

export interface PixelTransform {
  /** Per channel: value = pixel * scale + shift. */
  scale: readonly number[];
  shift: readonly number[];
}

export type DenseActivation = 'relu' | 'tanh';

export interface SingleKernels<T> {
  BakeoffConv2D(inputs: { x: T; filter: T; bias?: T }, attrs: WindowAttributes & { relu: boolean }): T;
  /** The gradient by x, plus `onto` where given. */
  BakeoffConv2DGradInput(
    inputs: { dy: T; filter: T; onto?: T },
    attrs: WindowAttributes & { inputShape: number[]; overwriteOnto: boolean },
  ): T;
  BakeoffConv2DGradFilter(inputs: { x: T; dy: T }, attrs: WindowAttributes & { filterShape: number[] }): T;
  BakeoffDense(inputs: { x: T; weights: T; bias?: T }, attrs: { activation?: DenseActivation }): T;
  BakeoffDenseGradInput(inputs: { dy: T; weights: T }, attrs: Record<string, never>): T;
  BakeoffDenseGradWeights(inputs: { x: T; dy: T }, attrs: Record<string, never>): T;
  BakeoffBiasGrad(inputs: { dy: T }, attrs: Record<string, never>): T;
  BakeoffReluGrad(inputs: { dy: T; y: T }, attrs: Overwriting): T;
  BakeoffTanhGrad(inputs: { dy: T; y: T }, attrs: Record<string, never>): T;
  /**
   * y = normalised x [+ residual] [then ReLU]. Returns y and, in the engine's own layout, the statistics that the gradient needs; moves the running
   * statistics, where given, in place.
   */
  BakeoffBatchNorm(
    inputs: { x: T; gamma: T; beta: T; residual?: T; runningMean?: T; runningVariance?: T },
    attrs: { epsilon: number; momentum: number; relu: boolean },
  ): [T, ...T[]];
  /** Returns dx, dGamma, dBeta, and with `residual` its gradient. y is needed with relu. */
  BakeoffBatchNormGrad(
    inputs: { x: T; dy: T; y?: T; gamma: T; statistics: readonly T[] },
    attrs: BatchNormGradAttributes,
  ): [T, T, T, T?];
  BakeoffScaleShift(inputs: { x: T; scale: T; shift: T }, attrs: { relu: boolean }): T;
  BakeoffAddRelu(inputs: { a: T; b: T }, attrs: Record<string, never>): T;
  BakeoffShortcutA(inputs: { x: T }, attrs: ShortcutAttributes): T;
  BakeoffShortcutAGrad(inputs: { dy: T }, attrs: ShortcutAttributes & { inputShape: number[] }): T;
  BakeoffGlobalAveragePool(inputs: { x: T }, attrs: Record<string, never>): T;
  BakeoffGlobalAveragePoolGrad(inputs: { dy: T }, attrs: { inputShape: number[] }): T;
  BakeoffMaxPool(inputs: { x: T }, attrs: PoolAttributes): T;
  BakeoffMaxPoolGrad(inputs: { x: T; y: T; dy: T }, attrs: PoolAttributes): T;
  BakeoffDropout(inputs: { x: T }, attrs: DropoutAttributes): T;
  /** Returns losses, correct, dLogits; labels int32. */
  BakeoffSoftmaxCrossEntropy(inputs: { logits: T; labels: T }, attrs: Record<string, never>): [T, T, T];
  /** images: uint8 bytes in a 'bool' tensor, the one dtype of one byte that TensorFlow.js has. */
  BakeoffGatherImages(inputs: { images: T }, attrs: PixelTransform & { indices: Int32Array }): T;
  /** All parameters at once; m and v are vectors of all their elements, one parameter after the other. */
  BakeoffAdamUpdate(
    inputs: { parameters: readonly T[]; gradients: readonly T[]; m: T; v: T },
    attrs: AdamAttributes,
  ): [];
  BakeoffSgdUpdate(
    inputs: { parameters: readonly T[]; gradients: readonly T[]; velocity?: T },
    attrs: SgdAttributes,
  ): [];
}

/** Kernels for pairs of those above: an engine without them runs the pair. */
export interface PairedKernels<T> {
  /** BakeoffConv2D, with convolutionRelu then ReLU, then BakeoffBatchNorm of its output z: returns z, y, statistics. */
  BakeoffConv2DBatchNorm(
    inputs: { x: T; filter: T; bias?: T; gamma: T; beta: T; residual?: T; runningMean?: T; runningVariance?: T },
    attrs: WindowAttributes & { convolutionRelu: boolean; epsilon: number; momentum: number; relu: boolean },
  ): [T, T, ...T[]];
  /**
   * BakeoffBatchNormGrad, then the gradients of the convolution before it: returns dFilter, dGamma, dBeta, and, where wanted, dBias, dx and the
   * residual's gradient.
   */
  BakeoffConv2DBatchNormGrad(
    inputs: { x: T; filter: T; z: T; dy: T; y?: T; gamma: T; statistics: readonly T[]; onto?: T },
    attrs: WindowAttributes &
      Omit<BatchNormGradAttributes, 'inputRelu'> & {
        convolutionRelu: boolean;
        wantsBias: boolean;
        wantsInput: boolean;
        overwriteOnto: boolean;
      },
  ): [T, T, T, ...T[]];
}

export type KernelContract<T> = SingleKernels<T> & PairedKernels<T>;
export type KernelName = keyof KernelContract<never>;
/** One family's share of the contract. */
export type KernelFamily<T, Names extends KernelName> = Pick<KernelContract<T>, Names>;
