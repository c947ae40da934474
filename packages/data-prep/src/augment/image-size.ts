/** Of images to augment, in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Red, green and blue: what torchvision's transforms are defined for here. */
export const CHANNELS = 3;
