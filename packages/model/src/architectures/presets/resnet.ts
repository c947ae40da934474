import { classifier, convolution, type Preset, type PresetLayer } from './preset.ts';

function block(channels: number, stride: number): PresetLayer[] {
  const branch = [convolution(channels, { stride }), 'batchNorm', 'relu', convolution(channels), 'batchNorm'];
  return [{ type: 'residual', branch, shortcut: stride === 1 ? 'identity' : 'A' }, 'relu'];
}

const repeated = (times: number, layers: readonly PresetLayer[]): PresetLayer[] =>
  times === 0 ? [] : [{ type: 'repeat', times, layers }];

/**
 * He et al. 2016 (arXiv:1512.03385), section 4.2: 6n + 2 layers, no bias in convolutions, batch norm before ReLU,
 * shortcut A.
 */
export function cifarResnet(n: number): Preset {
  const stages = [16, 32, 64].flatMap((channels, stage) =>
    stage === 0 ? repeated(n, block(channels, 1)) : [...block(channels, 2), ...repeated(n - 1, block(channels, 1))],
  );
  return {
    about: "He et al. 2016: no bias in convolutions, batch norm before ReLU, shortcut A (the study's are type: resnet)",
    layers: [convolution(16), 'batchNorm', 'relu', ...stages, ...classifier],
  };
}
