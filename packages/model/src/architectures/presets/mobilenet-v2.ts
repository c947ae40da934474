import { classifier, convolution, type Preset, type PresetLayer } from './preset.ts';

/** Sandler et al. 2018 (arXiv:1801.04381), table 2, at the strides for 32×32: expansion, channels, blocks, stride. */
const ROWS = [
  [1, 16, 1, 1],
  [6, 24, 2, 1],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

function block(inputs: number, expansion: number, channels: number, stride: number): PresetLayer[] {
  const hidden = expansion * inputs;
  const layers: PresetLayer[] = [
    ...(expansion === 1 ? [] : [convolution(hidden, { kernel: 1 }), 'batchNorm', 'relu6']),
    convolution(hidden, { stride, groups: hidden }),
    'batchNorm',
    'relu6',
    convolution(channels, { kernel: 1 }),
    'batchNorm',
  ];
  return stride === 1 && inputs === channels ? [{ type: 'residual', branch: layers }] : layers;
}

function blocks(): PresetLayer[] {
  let inputs = 32;
  return ROWS.flatMap(([expansion, channels, count, stride]) => {
    const first = block(inputs, expansion, channels, stride);
    inputs = channels;
    const others = block(channels, expansion, channels, 1);
    return count === 1 ? first : [...first, { type: 'repeat', times: count - 1, layers: others }];
  });
}

export const mobilenetV2: Preset = {
  about: "Sandler et al. 2018: the paper's blocks at CIFAR's strides, shortcuts only where the shape stays",
  layers: [
    convolution(32),
    'batchNorm',
    'relu6',
    ...blocks(),
    convolution(1280, { kernel: 1 }),
    'batchNorm',
    'relu6',
    ...classifier,
  ],
};
