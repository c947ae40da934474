import { imageBytes, type ImageShape } from '@bakeoff/core';

/** Pixels of images of one shape, in memory or in a file. */
export interface Pixels {
  readonly count: number;
  /** uint8 [height, width, channels] of one image; valid until the next call. */
  image(id: number): Uint8Array;
}

/** uint8 [n, height, width, channels]. */
export class PixelsInMemory implements Pixels {
  readonly count: number;
  private readonly imageBytes: number;

  constructor(
    readonly bytes: Uint8Array,
    shape: ImageShape,
  ) {
    this.imageBytes = imageBytes(shape);
    this.count = bytes.length / this.imageBytes;
  }

  image(id: number): Uint8Array {
    return this.bytes.subarray(id * this.imageBytes, (id + 1) * this.imageBytes);
  }
}

/** Some of the images of others, in the order of `ids`. */
export class ChosenPixels implements Pixels {
  constructor(
    private readonly all: Pixels,
    private readonly ids: Int32Array,
  ) {}

  get count(): number {
    return this.ids.length;
  }

  image(id: number): Uint8Array {
    return this.all.image(this.ids[id]!);
  }
}
