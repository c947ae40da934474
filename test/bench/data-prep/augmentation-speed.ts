// One view of 45,000 images with the study's four transforms, compared with torchvision's pipeline in the same run,
// both in CPU time on one core.
//   usage: npx tsx test/bench/data-prep/augmentation-speed.ts PYTHON
// PYTHON needs torchvision. Exits with 1 if Bakeoff is less than three times as fast.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { imageBytes, Random, type Transform } from '@bakeoff/core';
import { augmentImages } from '../../../packages/data-prep/src/augment/augment-images.ts';

const IMAGES = 45_000;
const IMAGE_SHAPE = [32, 32, 3] as const;
const ROUNDS = 3;
const TRANSFORMS: readonly Transform[] = [
  { type: 'horizontalFlip', probability: 0.5 },
  { type: 'grayscale', probability: 0.1 },
  { type: 'perspective', distortion: 0.5, probability: 0.5, interpolation: 'bilinear' },
  { type: 'rotation', degrees: 45, probability: 1, interpolation: 'nearest' },
];

const random = new Random(1);
const images = new Uint8Array(IMAGES * imageBytes(IMAGE_SHAPE)).map(() => random.uint32());
const ids = Int32Array.from({ length: IMAGES }, (_, id) => id);

function ours(view: number): number {
  const before = process.cpuUsage();
  augmentImages({ images, ids }, IMAGE_SHAPE, { transforms: TRANSFORMS, seed: 1 }, view);
  const { user, system } = process.cpuUsage(before);
  return IMAGES / ((user + system) / 1e6);
}

function theirs(python: string): number {
  const script = fileURLToPath(new URL('torchvision_speed.py', import.meta.url));
  return (JSON.parse(execFileSync(python, [script, '5000'], { encoding: 'utf8' })) as { imagesPerSecond: number })
    .imagesPerSecond;
}

const ratios = Array.from({ length: ROUNDS }, (_, round) => {
  const [mine, peer] = [ours(round + 1), theirs(process.argv[2] ?? 'python3')];
  console.log(`${Math.round(mine)} images/s against ${Math.round(peer)}: ${(mine / peer).toFixed(1)} times`);
  return mine / peer;
});
if (Math.min(...ratios) < 3) process.exitCode = 1;
