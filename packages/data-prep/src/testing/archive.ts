import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { PIXEL_BYTES, recordBytes } from '../sources/cifar/cifar-dialect.ts';
import { CIFAR10 } from '../sources/cifar/cifar10-dialect.ts';

export const BATCH_FILES = [...CIFAR10.trainingFiles, CIFAR10.testFile];
const BATCH_IMAGES = CIFAR10.fileImages;
const RECORD_BYTES = recordBytes(CIFAR10);
const IMAGE_PIXELS = PIXEL_BYTES / 3;

/**
 * A batch in the official layout whose pixels encode their place: image i of batch b is red i mod 256, green i / 256,
 * blue b, its first pixel inverted; label i mod 10.
 */
export function makeBatch(batch: number): Uint8Array {
  const bytes = new Uint8Array(BATCH_IMAGES * RECORD_BYTES);
  for (let i = 0; i < BATCH_IMAGES; i++) {
    const at = i * RECORD_BYTES;
    bytes[at] = i % 10;
    [i % 256, Math.floor(i / 256), batch].forEach((value, channel) => {
      const plane = at + 1 + channel * IMAGE_PIXELS;
      bytes.fill(value, plane, plane + IMAGE_PIXELS);
      bytes[plane] = 255 - value;
    });
  }
  return bytes;
}

/** Writes a .tar.gz with the given files, one after the other. */
export async function writeArchive(
  path: string,
  files: Iterable<readonly [name: string, content: Uint8Array]>,
): Promise<void> {
  const tar = pack();
  for (const [name, content] of files) tar.entry({ name, size: content.length }, content);
  tar.finalize();
  await pipeline(tar, createGzip({ level: 1 }), createWriteStream(path));
}

/** Writes a whole CIFAR-10 archive of made-up images. */
export async function writeCifar10Archive(path: string): Promise<void> {
  await writeArchive(
    path,
    BATCH_FILES.map((name, batch) => [`cifar-10-batches-bin/${name}`, makeBatch(batch)] as const),
  );
}

/** Records in CIFAR-100's layout: image i of a file has coarse label i mod 20, fine label i mod 100 and its place in red. */
export function makeCifar100Records(count: number, blue: number): Uint8Array {
  const bytes = new Uint8Array(count * (2 + PIXEL_BYTES));
  for (let i = 0; i < count; i++) {
    const at = i * (2 + PIXEL_BYTES);
    bytes.set([i % 20, i % 100], at);
    bytes.fill(i, at + 2, at + 2 + IMAGE_PIXELS);
    bytes.fill(blue, at + 2 + 2 * IMAGE_PIXELS, at + 2 + 3 * IMAGE_PIXELS);
  }
  return bytes;
}

/** Writes a small archive in CIFAR-100's layout. */
export async function writeCifar100Archive(path: string, train: number, test: number): Promise<void> {
  await writeArchive(path, [
    ['cifar-100-binary/train.bin', makeCifar100Records(train, 1)],
    ['cifar-100-binary/test.bin', makeCifar100Records(test, 2)],
  ]);
}
