import type { ModelConfig } from '@bakeoff/core';
import { modelNotation } from '@bakeoff/model/architectures';

/** A network of written layers; types alone are layers. */
export function written(...layers: readonly unknown[]): ModelConfig {
  return modelNotation.expand({ type: 'layers', layers }) as ModelConfig;
}

export const classifier = ['globalAveragePool', { type: 'dense', name: 'fc', units: 'classes' }];

const convolution = (name: string, stride: number) => ({
  type: 'conv2d',
  name,
  filters: 8,
  kernel: 3,
  stride,
  padding: 1,
  bias: false,
  initializer: 'kaimingNormalFanIn',
});

/**
 * Two convolutions with batch norm and tanh, and a dense layer. Nothing in it has a kink that a rounding could cross, and
 * no parameter has a gradient of rounding alone, as a bias before a batch norm has, which Adam would scale up to a step.
 */
export function smoothNetwork({ batchNorm = true } = {}): ModelConfig {
  const norm = (name: string) => (batchNorm ? [{ type: 'batchNorm', name }] : []);
  return written(
    convolution('conv1', 1),
    ...norm('bn1'),
    'tanh',
    convolution('conv2', 2),
    ...norm('bn2'),
    'tanh',
    ...classifier,
  );
}
