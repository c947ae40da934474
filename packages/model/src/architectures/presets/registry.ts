import { mobilenetV2 } from './mobilenet-v2.ts';
import type { Preset } from './preset.ts';
import { cifarResnet } from './resnet.ts';
import { vgg } from './vgg.ts';
import { wideResnet } from './wide-resnet.ts';

/** Every preset by the name that a manifest uses. */
export const presets: Readonly<Record<string, Preset>> = {
  resnet20: cifarResnet(3),
  resnet32: cifarResnet(5),
  resnet44: cifarResnet(7),
  resnet56: cifarResnet(9),
  resnet110: cifarResnet(18),
  'wrn-16-4': wideResnet(2, 4),
  'wrn-28-10': wideResnet(4, 10),
  'vgg11-bn': vgg([1, 1, 2, 2, 2]),
  'vgg13-bn': vgg([2, 2, 2, 2, 2]),
  'vgg16-bn': vgg([2, 2, 3, 3, 3]),
  'mobilenet-v2': mobilenetV2,
};
