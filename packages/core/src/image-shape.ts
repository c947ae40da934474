/** Height, width and channels of an image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Bytes of an image's pixels, one per channel. */
export function imageBytes([height, width, channels]: ImageShape): number {
  return height * width * channels;
}
