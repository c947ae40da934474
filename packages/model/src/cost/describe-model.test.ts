import type { ModelConfig } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { describeModel } from './describe-model.ts';

const input = { imageShape: [32, 32, 3], classes: 10 } as const;
const resnet = (n: number, settings: object = {}): ModelConfig => ({
  type: 'resnet',
  blocks: [n, n, n],
  channels: [16, 32, 64],
  ...settings,
});

/**
 * Golden figures from PyTorch hooks, ptflops 0.7.5, fvcore 0.1.5.post20221221 and thop 0.1.1.post2209072238 on the same
 * models in evaluation mode.
 */
const golden: readonly (readonly [
  string,
  ModelConfig,
  parameters: number,
  macs: number,
  ptflops: number,
  fvcore: number,
  thop: number,
])[] = [
  ['CIFARnet', { type: 'cifarnet' }, 1_281_930, 5_163_520, 5_286_154, 5_225_984, 5_288_448],
  ['ResNet20', resnet(3), 270_410, 40_551_040, 41_120_394, 40_931_968, 41_308_864],
  ['ResNet20 with shortcut B', resnet(3, { shortcut: 'B' }), 273_258, 40_813_184, 41_419_402, 41_218_688, 41_620_160],
  ['ResNet110', resnet(18), 1_732_010, 252_887_680, 256_037_514, 254_988_928, 257_086_144],
  [
    'ResNet110 without batch norm in the blocks',
    resnet(18, { batchNorm: false }),
    1_723_946,
    252_887_680,
    253_973_130,
    252_924_544,
    252_957_376,
  ],
  [
    'MyResNet',
    { type: 'resnet', blocks: [5, 7, 7, 5], channels: [32, 64, 128, 256] },
    8_198_954,
    434_555_392,
    436_746_762,
    436_017_664,
    437_476_096,
  ],
  [
    'ResNet with channels that shrink',
    { type: 'resnet', blocks: [3, 3, 3], channels: [16, 110, 64] },
    826_394,
    173_897_344,
    174_826_122,
    174_517_888,
    175_134_400,
  ],
  ['ResNet18 of torchvision', { type: 'resnet18' }, 11_689_512, 37_523_456, 37_689_832, 37_625_344, 37_727_232],
  [
    'ResNet18 with a CIFAR stem',
    { type: 'resnet18', stem: 'cifar' },
    11_173_962,
    555_422_720,
    557_216_778,
    556_659_712,
    557_889_024,
  ],
];

describe('describeModel', () => {
  it.each(golden)(
    'counts %s as PyTorch, ptflops, fvcore and thop do',
    (_name, model, parameters, macs, ptflops, fvcore, thop) => {
      const { cost } = describeModel(model, input);
      expect(cost).toMatchObject({ parameters, macs, flops: 2 * macs, ptflops, fvcore, thop });
    },
  );

  it('gives rows that add up to the total', () => {
    const { cost, layers } = describeModel(resnet(3, { dropout2d: 0.1 }), input);
    for (const key of Object.keys(cost) as (keyof typeof cost)[])
      expect(layers.reduce((sum, layer) => sum + layer[key], 0)).toBe(cost[key]);
    expect(new Set(layers.map(({ name }) => name)).size).toBe(layers.length);
  });

  it('counts the kept activations of ResNet20 as images, first convolution and normalization, four tensors per block, pooled features', () => {
    const perChannelCount = [16 * 1024, 32 * 256, 64 * 64].map((elements) => elements * 4);
    const blocks = perChannelCount.reduce((sum, bytes) => sum + 3 * 4 * bytes, 0);
    expect(describeModel(resnet(3), input).cost.activationBytes).toBe(
      3 * 1024 * 4 + 2 * 16 * 1024 * 4 + blocks + 64 * 4,
    );
  });

  it('keeps no more with dropout inside a block than without', () => {
    const [without, withDropout] = [0, 0.1].map(
      (dropout2d) => describeModel(resnet(3, { dropout2d }), input).cost.activationBytes,
    );
    expect(withDropout).toBe(without);
  });

  it('says which images a built-in network cannot take', () => {
    expect(() => describeModel({ type: 'cifarnet' }, { imageShape: [7, 7, 3], classes: 10 })).toThrow(
      /the network does not fit images of \[7, 7, 3\]: maxPool: its window is larger than its input/,
    );
  });

  it("has as many outputs in torchvision's ResNet18 as requested", () => {
    expect(describeModel({ type: 'resnet18', outputs: 10 }, input).layers.at(-1)?.outputShape).toEqual([10]);
    expect(() => describeModel({ type: 'resnet18', outputs: 5 }, input)).toThrow(/outputs: 5 for 10 classes/);
  });
});
