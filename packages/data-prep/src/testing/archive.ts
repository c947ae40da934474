import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { BATCH_BYTES, IMAGE_PIXELS, RECORD_BYTES } from '../sources/cifar10/decode-batch.ts';
import { BATCH_IMAGES, TEST_BATCH, TRAINING_BATCHES } from '../sources/cifar10/official-archive.ts';

export const BATCH_FILES = [...TRAINING_BATCHES, TEST_BATCH];

/**
 * A batch in the official layout whose pixels encode their place: image i of batch b is red i mod 256, green i / 256,
 * blue b, its first pixel inverted; label i mod 10.
 */
export function makeBatch(batch: number): Uint8Array {
  const bytes = new Uint8Array(BATCH_BYTES);
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
