import { everySettingUsed } from '@bakeoff/core';
import { z } from 'zod';
import { architecture } from './architecture.ts';
import type { Layer } from '../layers/layer.ts';
import { dropoutRate } from './settings.ts';

const schema = z.strictObject({
  type: z.literal('cifarnet').describe("The study's plain convolutional network"),
  dropout2d: dropoutRate(0.3).describe('Rate of dropping whole channels after the third convolution'),
  dropout: dropoutRate(0.3).describe('Rate of dropping single activations between the dense layers'),
});

function convolution(number: number, filters: number): Layer[] {
  return [
    {
      type: 'conv2d',
      name: `conv${number}`,
      filters,
      kernel: 3,
      stride: 1,
      padding: 1,
      bias: true,
      initializer: 'torchDefault',
    },
    { type: 'relu', asModule: false },
    { type: 'batchNorm', name: `bn${number}` },
  ];
}

function dense(number: number, units: number): Layer {
  return { type: 'dense', name: `fc${number}`, units, initializer: 'xavierUniform' };
}

const halve: Layer = { type: 'maxPool', size: 2, stride: 2, padding: 0 };

/** The study's plain convolutional network: four convolutions (16, 32, 64, 128 filters), three dense layers (512, 256, classes). */
export const cifarnet = architecture({
  schema,
  examples: [{}],
  build({ type: _type, dropout2d, dropout, ...unused }, { classes }) {
    everySettingUsed(unused);
    const dropped: Layer = { type: 'dropout', rate: dropout, perChannel: false };
    return [
      ...convolution(1, 16),
      halve,
      ...convolution(2, 32),
      halve,
      ...convolution(3, 64),
      { type: 'dropout', rate: dropout2d, perChannel: true },
      halve,
      ...convolution(4, 128),
      { type: 'flatten' },
      dense(1, 512),
      { type: 'relu', asModule: false },
      { type: 'batchNorm', name: 'bn5' },
      dropped,
      dense(2, 256),
      { type: 'tanh' },
      dropped,
      dense(3, classes),
    ];
  },
});
