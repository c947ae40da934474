import type { Tensor } from '@tensorflow/tfjs-core';
import { type ActivationKernels, activationKernels } from './activation.ts';
import { type AverageKernels, averageKernels } from './average-weights.ts';
import { type AveragePoolKernels, averagePoolKernels } from './average-pool.ts';
import { type BatchNormKernels, batchNormKernels } from './batch-norm.ts';
import { type ClipKernels, clipKernels } from './clip-gradients.ts';
import { type PairedKernels, pairedKernels } from './convolution-batch-norm.ts';
import { type ConvolutionKernels, convolutionKernels } from './convolution.ts';
import { type DenseKernels, denseKernels } from './dense.ts';
import { type DepthwiseConvolutionKernels, depthwiseConvolutionKernels } from './depthwise-convolution.ts';
import { type DropoutKernels, dropoutKernels } from './dropout.ts';
import { type GlobalAveragePoolKernels, globalAveragePoolKernels } from './global-average-pool.ts';
import { type ImageKernels, imageKernels } from './images.ts';
import type { KernelRows } from './kernel-row.ts';
import { type LossKernels, lossKernels } from './loss.ts';
import { type MaxPoolKernels, maxPoolKernels } from './max-pool.ts';
import { type MixKernels, mixKernels } from './mix-images.ts';
import { type OptimizerKernels, optimizerKernels } from './optimizer.ts';
import { type ReadKernels, readKernels } from './read-floats.ts';
import { type ShortcutKernels, shortcutKernels } from './shortcut.ts';
import { type SoftTargetLossKernels, softTargetLossKernels } from './soft-target-loss.ts';

/** All kernels: names, inputs, attributes, outputs, for a backend whose kernels take and return `T`. */
export interface KernelContract<T>
  extends
    ActivationKernels<T>,
    AverageKernels<T>,
    AveragePoolKernels<T>,
    BatchNormKernels<T>,
    ClipKernels<T>,
    ConvolutionKernels<T>,
    DenseKernels<T>,
    DepthwiseConvolutionKernels<T>,
    DropoutKernels<T>,
    GlobalAveragePoolKernels<T>,
    ImageKernels<T>,
    LossKernels<T>,
    MaxPoolKernels<T>,
    MixKernels<T>,
    OptimizerKernels<T>,
    PairedKernels<T>,
    ReadKernels<T>,
    ShortcutKernels<T>,
    SoftTargetLossKernels<T> {}

export type KernelName = keyof KernelContract<never>;
/** The subset of the kernels that a backend implements in one place. */
export type KernelFamily<T, Names extends KernelName> = Pick<KernelContract<T>, Names>;

export const kernelRows: KernelRows<KernelContract<Tensor>> = {
  ...activationKernels,
  ...averageKernels,
  ...averagePoolKernels,
  ...batchNormKernels,
  ...clipKernels,
  ...convolutionKernels,
  ...denseKernels,
  ...depthwiseConvolutionKernels,
  ...dropoutKernels,
  ...globalAveragePoolKernels,
  ...imageKernels,
  ...lossKernels,
  ...maxPoolKernels,
  ...mixKernels,
  ...optimizerKernels,
  ...pairedKernels,
  ...readKernels,
  ...shortcutKernels,
  ...softTargetLossKernels,
};
