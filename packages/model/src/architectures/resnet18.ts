import { everySettingUsed, UserError } from '@bakeoff/core';
import { z } from 'zod';
import { architecture } from './architecture.ts';
import type { Layer } from '../layers/layer.ts';

const schema = z.strictObject({
  type: z
    .literal('resnet18')
    .describe("torchvision's ResNet18, with its stem for ImageNet and 1000 outputs, or with a stem for small images"),
  stem: z
    .enum(['imagenet', 'cifar'])
    .default('imagenet')
    .describe(
      'imagenet: 7×7 convolution with stride 2 and 3×3 max pool, as in torchvision; cifar: 3×3 convolution with stride 1, no pool',
    ),
  outputs: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .describe(
      "Outputs of the last layer, at least the number of classes; null: torchvision's 1000 with the imagenet stem, the number of classes with the cifar stem",
    )
    .meta({ unit: 'outputs', examples: [100] }),
});

const relu: Layer = { type: 'relu', asModule: true };

function convolution(name: string, filters: number, kernel: number, stride: number): Layer {
  return {
    type: 'conv2d',
    name,
    filters,
    kernel,
    stride,
    padding: (kernel - 1) / 2,
    bias: false,
    initializer: 'kaimingNormalFanOut',
  };
}

function block(name: string, inChannels: number, channels: number, stride: number): Layer[] {
  const same = inChannels === channels && stride === 1;
  return [
    {
      type: 'residual',
      name,
      branch: [
        convolution(`${name}.conv1`, channels, 3, stride),
        { type: 'batchNorm', name: `${name}.bn1` },
        relu,
        convolution(`${name}.conv2`, channels, 3, 1),
        { type: 'batchNorm', name: `${name}.bn2` },
      ],
      shortcut: same
        ? []
        : [
            convolution(`${name}.downsample.0`, channels, 1, stride),
            { type: 'batchNorm', name: `${name}.downsample.1` },
          ],
    },
    relu,
  ];
}

/**
 * torchvision.models.resnet18, layer for layer; by default with its 1000 outputs, of which a dataset of 10 classes uses
 * the first 10 as labels.
 */
export const resnet18 = architecture({
  schema,
  examples: [{}, { stem: 'cifar' }],
  build({ type: _type, stem, outputs: asked, ...unused }, { classes }) {
    everySettingUsed(unused);
    const outputs = asked ?? (stem === 'imagenet' ? 1000 : classes);
    if (outputs < classes) {
      throw new UserError({
        what: 'resnet18: fewer outputs than the dataset has classes',
        received: `outputs: ${outputs} for ${classes} classes`,
        allowed: `${classes} or more`,
        fix: 'raise model.outputs, or omit it',
      });
    }
    const stemLayers: Layer[] =
      stem === 'imagenet'
        ? [
            convolution('conv1', 64, 7, 2),
            { type: 'batchNorm', name: 'bn1' },
            relu,
            { type: 'maxPool', size: 3, stride: 2, padding: 1 },
          ]
        : [convolution('conv1', 64, 3, 1), { type: 'batchNorm', name: 'bn1' }, relu];
    const bundles = [64, 128, 256, 512].flatMap((channels, bundle) => [
      ...block(`layer${bundle + 1}.0`, bundle === 0 ? 64 : channels / 2, channels, bundle === 0 ? 1 : 2),
      ...block(`layer${bundle + 1}.1`, channels, channels, 1),
    ]);
    return [
      ...stemLayers,
      ...bundles,
      { type: 'globalAveragePool' },
      { type: 'dense', name: 'fc', units: outputs, initializer: 'torchDefault' },
    ];
  },
});
