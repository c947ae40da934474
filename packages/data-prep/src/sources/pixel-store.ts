import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { imageBytes, type ImageShape } from '@bakeoff/core';
import { fileError } from '../file-error.ts';
import { type Pixels, PixelsInMemory } from './pixels.ts';

/** Larger sets stay in a file while they are examined and divided. */
const IN_MEMORY_BYTES = 192 * 2 ** 20;

/** Pixels of images that arrive one by one. */
export interface PixelStore extends Pixels {
  /** Copies uint8 [height, width, channels]. @throws UserError if the disk is full */
  set(id: number, image: Uint8Array): void;
  close(): void;
}

class MemoryStore extends PixelsInMemory implements PixelStore {
  constructor(count: number, shape: ImageShape) {
    super(new Uint8Array(count * imageBytes(shape)), shape);
  }

  set(id: number, image: Uint8Array): void {
    this.image(id).set(image);
  }

  // oxlint-disable-next-line class-methods-use-this -- there is nothing to close
  close(): void {}
}

/** A file that has no name any more, so that it is gone when the process is, whatever ends it. */
class UnnamedFile implements PixelStore {
  private readonly file: number;
  private readonly one: Uint8Array;

  constructor(
    readonly count: number,
    shape: ImageShape,
    private readonly folder: string,
  ) {
    this.one = new Uint8Array(imageBytes(shape));
    this.file = this.onDisk(() => {
      mkdirSync(folder, { recursive: true });
      const place = mkdtempSync(join(folder, 'pixels-'));
      const path = join(place, 'images');
      const file = openSync(path, 'w+');
      unlinkSync(path);
      rmdirSync(place);
      return file;
    });
  }

  set(id: number, image: Uint8Array): void {
    const start = id * this.one.length;
    for (let done = 0; done < image.length;)
      done += this.onDisk(() => writeSync(this.file, image, done, image.length - done, start + done));
  }

  image(id: number): Uint8Array {
    readExactly(this.file, this.one, id * this.one.length);
    return this.one;
  }

  close(): void {
    closeSync(this.file);
  }

  private onDisk<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fileError(
        error,
        `cannot keep the pixels of ${this.count} images in the folder for downloads, ${this.folder}, while they are prepared`,
        'free some space, or name another folder with --cache DIR',
      );
    }
  }
}

/** Fills `bytes` from a place in a file. @throws Error if the file ends before. */
function readExactly(file: number, bytes: Uint8Array, from: number): void {
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file, bytes, done, bytes.length - done, from + done);
    if (read === 0) throw new Error(`the file ended at byte ${from + done} while it was read`);
    done += read;
  }
}

/** A place for `count` images: in memory, or from 192 MiB on in a file in `folder`. */
export function openPixelStore(count: number, shape: ImageShape, folder: string): PixelStore {
  return count * imageBytes(shape) <= IN_MEMORY_BYTES
    ? new MemoryStore(count, shape)
    : new UnnamedFile(count, shape, folder);
}
