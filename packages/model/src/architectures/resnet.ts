import { everySettingUsed } from '@bakeoff/core';
import { z } from 'zod';
import { architecture } from './architecture.ts';
import type { Layer } from '../layers/layer.ts';
import { dropoutRate } from './settings.ts';

/**
 * More than the largest networks in use (ResNet1202 has 200 blocks per bundle), and low enough that a typo cannot stall
 * planning.
 */
const blockCount = z.int().min(1).max(1000);
const channelCount = z.int().min(1).max(8192);

const schema = z
  .strictObject({
    type: z
      .literal('resnet')
      .describe(
        "The study's residual networks: biases in convolutions, ReLU before the first batch norm " +
          "(He et al.'s own are resnet20 to resnet110)",
      ),
    blocks: z
      .array(blockCount)
      .min(1)
      .describe('Residual blocks of each bundle, [3, 3, 3] for ResNet20')
      .meta({ unit: 'blocks', examples: [[3, 3, 3]] }),
    channels: z
      .array(channelCount)
      .min(1)
      .describe('Channels of each bundle')
      .meta({ unit: 'channels', examples: [[16, 32, 64]] }),
    firstChannels: channelCount
      .default(16)
      .describe('Channels of the convolution before the first bundle')
      .meta({ unit: 'channels' }),
    shortcut: z
      .enum(['A', 'B'])
      .default('A')
      .describe(
        'Where the shape changes: A subsamples and pads (or crops) channels, B projects with a 1×1 convolution',
      ),
    batchNorm: z
      .boolean()
      .default(true)
      .describe('Batch normalization inside the blocks (the first convolution always has it)'),
    dropout2d: dropoutRate(0).describe('Rate of dropping whole channels after each normalization inside the blocks'),
  })
  .superRefine((config, context) => {
    if (config.blocks.length !== config.channels.length) {
      context.addIssue({
        code: 'custom',
        path: ['channels'],
        message:
          `blocks [${config.blocks.join(', ')}] names ${config.blocks.length} bundles and ` +
          `channels [${config.channels.join(', ')}] names ${config.channels.length}: give both the same number`,
      });
    }
    if (config.shortcut !== 'A') return;
    config.channels.forEach((channels, bundle) => {
      const before = bundle === 0 ? config.firstChannels : config.channels[bundle - 1]!;
      if ((channels - before) % 2 === 0) return;
      context.addIssue({
        code: 'custom',
        path: ['channels', bundle],
        message:
          'shortcut A pads or crops the same number of channels on each side, ' +
          `so it cannot go from ${before} to ${channels} channels: make the difference even, or use shortcut B`,
      });
    });
  });

/** The settings that all blocks have in common. */
type BlockStyle = Pick<z.output<typeof schema>, 'shortcut' | 'batchNorm' | 'dropout2d'>;

interface BlockShape {
  readonly inChannels: number;
  readonly channels: number;
  readonly stride: number;
}

function convolution(name: string, filters: number, stride: number, kernel = 3): Layer {
  return {
    type: 'conv2d',
    name,
    filters,
    kernel,
    stride,
    padding: (kernel - 1) / 2,
    bias: true,
    initializer: 'kaimingNormalFanIn',
  };
}

function shortcutLayers(name: string, { inChannels, channels, stride }: BlockShape, style: BlockStyle): Layer[] {
  if (inChannels === channels && stride === 1) return [];
  if (style.shortcut === 'A') return [{ type: 'shortcutA', stride, channels }];
  const projection = convolution(`${name}.downsample.0`, channels, stride, 1);
  return style.batchNorm ? [projection, { type: 'batchNorm', name: `${name}.downsample.1` }] : [projection];
}

/** conv–BN–dropout2d–ReLU–conv–BN–dropout2d, plus the shortcut, ReLU. */
function block(name: string, shape: BlockShape, style: BlockStyle): Layer[] {
  const relu: Layer = { type: 'relu', asModule: false };
  const normalized = (number: number, stride: number): Layer[] => [
    convolution(`${name}.conv${number}`, shape.channels, stride),
    ...(style.batchNorm ? [{ type: 'batchNorm', name: `${name}.bn${number}` } as const] : []),
    { type: 'dropout', rate: style.dropout2d, perChannel: true },
  ];
  return [
    {
      type: 'residual',
      name,
      branch: [...normalized(1, shape.stride), relu, ...normalized(2, 1)],
      shortcut: shortcutLayers(name, shape, style),
    },
    relu,
  ];
}

/**
 * The CIFAR family of He et al. 2016 (arXiv:1512.03385, section 4.2) as the study has it: first convolution–ReLU–BN,
 * bundles of blocks (the first at stride 1, the others at 2), global average, one dense layer. ResNet20 is blocks [3,
 * 3, 3] × channels [16, 32, 64].
 */
export const resnet = architecture({
  schema,
  examples: [3, 18].map((n) => ({ blocks: [n, n, n], channels: [16, 32, 64] })),
  build({ type: _type, blocks, channels, firstChannels, shortcut, batchNorm, dropout2d, ...unused }, { classes }) {
    everySettingUsed(unused);
    const style = { shortcut, batchNorm, dropout2d };
    const layers: Layer[] = [
      convolution('conv', firstChannels, 1),
      { type: 'relu', asModule: false },
      { type: 'batchNorm', name: 'bn' },
    ];
    let inChannels = firstChannels;
    let number = 0;
    for (const [bundle, outChannels] of channels.entries()) {
      for (let i = 0; i < (blocks[bundle] ?? 0); i++) {
        const stride = i === 0 && bundle > 0 ? 2 : 1;
        layers.push(...block(`blocks.${number++}`, { inChannels, channels: outChannels, stride }, style));
        inChannels = outChannels;
      }
    }
    return [
      ...layers,
      { type: 'globalAveragePool' },
      { type: 'dense', name: 'fc', units: classes, initializer: 'kaimingNormalFanIn' },
    ];
  },
});
