// Small data sets of four shapes, to be put through the whole pipeline, and large ones to be prepared.
//   usage: npx tsx test/extended/sources/make-inputs.ts FOLDER [large]
import { mkdirSync, openSync, writeSync, closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@bakeoff/core';
import { encodePng } from '@bakeoff/core/png';
import { writeCifar100Archive } from '../../../packages/data-prep/src/testing/archive.ts';
import { makeIdxParts, writeIdxFolder } from '../../../packages/data-prep/src/testing/idx.ts';
import { encodeNpy, encodeNpz } from '../../../packages/data-prep/src/testing/npy.ts';

const [folder = '.', size] = process.argv.slice(2);
const random = new Random(3);

/** Noise around a level that says the class. */
function noise(bytes: number, label: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => 60 * label + (random.uint32() % 50));
}

function writeNpy(path: string, shape: readonly number[], imageOf: (i: number) => Uint8Array): void {
  const file = openSync(path, 'w');
  writeSync(file, encodeNpy('|u1', shape, new Uint8Array(0)));
  for (let i = 0; i < shape[0]!; i++) writeSync(file, imageOf(i));
  closeSync(file);
}

async function makeSmall(): Promise<void> {
  await writeIdxFolder(join(folder, 'fashion'), makeIdxParts(120, 60));
  await writeCifar100Archive(join(folder, 'cifar100.tar.gz'), 120, 60);
  for (const [label, name] of ['dark', 'light', 'bright'].entries()) {
    mkdirSync(join(folder, 'gray', name), { recursive: true });
    for (let i = 0; i < 12; i++)
      writeFileSync(join(folder, 'gray', name, `${i}.png`), encodePng(noise(64 * 64, label), [64, 64, 1]));
  }
  const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 3);
  const images = Buffer.concat(Array.from(labels, (label) => noise(96 * 96 * 3, label)));
  const npz = encodeNpz({
    'images.npy': encodeNpy('|u1', [40, 96, 96, 3], images),
    'labels.npy': encodeNpy('|u1', [40], labels),
  });
  writeFileSync(join(folder, 'images.npz'), npz);
}

function makeLarge(): void {
  const noisy = noise(256 * 256 * 3 + 8192, 1);
  const imageOf = (bytes: number) => (i: number) => {
    const at = (i * 1031) % 8192;
    const image = noisy.slice(at, at + bytes);
    image[0] = i & 0xff;
    image[1] = i >> 8;
    return image;
  };
  for (const [name, count, shape] of [
    ['usual', 60_000, [32, 32, 3]],
    ['large', 10_000, [256, 256, 3]],
  ] as const) {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    writeFileSync(join(folder, `${name}-labels.npy`), encodeNpy('|u1', [count], labels));
    writeNpy(join(folder, `${name}.npy`), [count, ...shape], imageOf(shape[0] * shape[1] * shape[2]));
  }
}

if (size === 'large') makeLarge();
else await makeSmall();
