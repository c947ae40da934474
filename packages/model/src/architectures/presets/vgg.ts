import { convolution, type Preset, type PresetLayer } from './preset.ts';

const CHANNELS = [64, 128, 256, 512, 512];

/**
 * Simonyan and Zisserman 2015 (arXiv:1409.1556) with batch norm, as torchvision's vgg11_bn and so on, with one dense
 * layer as is usual for CIFAR; `groups`: the convolutions before each pool.
 */
export function vgg(groups: readonly number[]): Preset {
  const convolutions = groups.flatMap((count, group): PresetLayer[] => {
    const layers = [convolution(CHANNELS[group]!, { bias: true }), 'batchNorm', 'relu'];
    return [...(count === 1 ? layers : [{ type: 'repeat', times: count, layers }]), { type: 'maxPool', kernel: 2 }];
  });
  return {
    about: "torchvision's convolutions, with bias and batch norm, and one dense layer",
    layers: [...convolutions, 'flatten', { type: 'dense', units: 'classes' }],
  };
}
