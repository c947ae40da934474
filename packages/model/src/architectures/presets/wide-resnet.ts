import { classifier, convolution, type Preset, type PresetLayer } from './preset.ts';

/** Zagoruyko and Komodakis 2016 (arXiv:1605.07146): 6n + 4 layers of `width` times the channels, without dropout. */
export function wideResnet(n: number, width: number): Preset {
  const activated: PresetLayer[] = ['batchNorm', 'relu'];
  const stage = (channels: number, stride: number): PresetLayer[] => [
    // The first block of a stage projects what its first batch norm and ReLU give.
    ...activated,
    {
      type: 'residual',
      branch: [convolution(channels, { stride }), ...activated, convolution(channels)],
      shortcut: [convolution(channels, { kernel: 1, stride })],
    },
    {
      type: 'repeat',
      times: n - 1,
      layers: [
        { type: 'residual', branch: [...activated, convolution(channels), ...activated, convolution(channels)] },
      ],
    },
  ];
  return {
    about: 'Zagoruyko and Komodakis 2016: batch norm and ReLU before each convolution, no dropout',
    layers: [
      convolution(16),
      ...stage(16 * width, 1),
      ...stage(32 * width, 2),
      ...stage(64 * width, 2),
      ...activated,
      ...classifier,
    ],
  };
}
