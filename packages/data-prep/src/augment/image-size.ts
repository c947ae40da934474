/** Size of the images to augment, in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}
