import { type Architecture, architectures, type Layer } from '@bakeoff/model';
import type { ModelConfig } from '@bakeoff/core';

const convolution = (name: string, stride: number): Layer => ({
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
const smooth: Architecture = {
  // Only tests of this package name it, and with settings that are right.
  schema: { safeParse: (data: unknown) => ({ success: true, data }) } as unknown as Architecture['schema'],
  examples: [],
  build: ({ batchNorm }: { readonly batchNorm: boolean }, { classes }) => [
    convolution('conv1', 1),
    ...(batchNorm ? [{ type: 'batchNorm', name: 'bn1' } as const] : []),
    { type: 'tanh' },
    convolution('conv2', 2),
    ...(batchNorm ? [{ type: 'batchNorm', name: 'bn2' } as const] : []),
    { type: 'tanh' },
    { type: 'globalAveragePool' },
    { type: 'dense', name: 'fc', units: classes, initializer: 'kaimingNormalFanIn' },
  ],
};

/** Makes the network known to this thread, and returns its settings. */
export function smoothNetwork({ batchNorm = true } = {}): ModelConfig {
  (architectures as Record<string, Architecture>)['smooth'] = smooth;
  return { type: 'smooth', batchNorm };
}
