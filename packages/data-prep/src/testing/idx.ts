import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { IDX_NAMES, IDX_ROLES, IDX_SHAPE, type IdxRole } from '../sources/mnist/idx-archive.ts';

const IMAGE_PIXELS = IDX_SHAPE[0] * IDX_SHAPE[1];

/** An IDX file of unsigned bytes: big-endian magic number and counts, then the data. */
export function encodeIdx(shape: readonly number[], data: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.writeUInt32BE(0x0800 | shape.length, 0);
  shape.forEach((extent, i) => head.writeUInt32BE(extent, 4 + 4 * i));
  return Buffer.concat([head, data]);
}

export type IdxParts = Readonly<Record<IdxRole, Buffer>>;

function makeImages(count: number, seed: number): Buffer {
  const pixels = Uint8Array.from({ length: count * IMAGE_PIXELS }, (_, at) => {
    const image = Math.floor(at / IMAGE_PIXELS);
    return 7 * image + (at % IMAGE_PIXELS) + seed;
  });
  return encodeIdx([count, ...IDX_SHAPE.slice(0, 2)], pixels);
}

function makeLabels(count: number): Buffer {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return encodeIdx([count], labels);
}

/** Made-up images in MNIST's layout: pixel p of image i of a part is (7 i + p + seed) mod 256; label i mod 10. */
export function makeIdxParts(train: number, test: number): IdxParts {
  return {
    trainImages: makeImages(train, 0),
    trainLabels: makeLabels(train),
    testImages: makeImages(test, 3),
    testLabels: makeLabels(test),
  };
}

/** Writes the four files, packed as they are offered. */
export async function writeIdxFolder(folder: string, parts: IdxParts): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const role of IDX_ROLES) await writeFile(join(folder, `${IDX_NAMES[role]}.gz`), gzipSync(parts[role]));
}
