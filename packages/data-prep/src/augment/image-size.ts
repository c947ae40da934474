/** Size of the images to augment, in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Red, green and blue, the only channels that these transforms support. */
export const CHANNELS = 3;
