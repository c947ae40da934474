import type { Random, Transform } from '@bakeoff/core';
import { IMAGE_SIZE } from '../source.ts';

export type Interpolation = 'nearest' | 'bilinear';
/** A place in the image, x to the right and y down, in pixels. */
type Corner = readonly [x: number, y: number];

/** A transform whose random choices are made: what remains is a plain function of pixels. */
export type DrawnTransform =
  | { readonly type: 'horizontalFlip' }
  /** The window's place in the padded image, 0 … 2 × padding. */
  | { readonly type: 'randomCrop'; readonly padding: number; readonly left: number; readonly top: number }
  | { readonly type: 'grayscale' }
  /** Where the image's corners go: top left, top right, bottom right, bottom left. */
  | {
      readonly type: 'perspective';
      readonly corners: readonly [Corner, Corner, Corner, Corner];
      readonly interpolation: Interpolation;
    }
  /** Counter-clockwise. */
  | { readonly type: 'rotation'; readonly angleDegrees: number; readonly interpolation: Interpolation };

/** Four corners, each moved inwards by whole pixels, 0 … floor(distortion × 16) on each axis, as torchvision's RandomPerspective.get_params draws them. */
function drawCorners(distortion: number, random: Random): readonly [Corner, Corner, Corner, Corner] {
  const steps = Math.floor((distortion * IMAGE_SIZE) / 2) + 1;
  const near = () => random.integer(steps);
  const far = () => IMAGE_SIZE - 1 - random.integer(steps);
  return [
    [near(), near()],
    [far(), near()],
    [far(), far()],
    [near(), far()],
  ];
}

/** Makes a transform's random choices by torchvision's distributions; undefined: it is not applied this time. */
export function drawTransform(transform: Transform, random: Random): DrawnTransform | undefined {
  if (random.uniform() >= transform.probability) return undefined;
  switch (transform.type) {
    case 'randomCrop':
      return {
        type: 'randomCrop',
        padding: transform.padding,
        left: random.integer(2 * transform.padding + 1),
        top: random.integer(2 * transform.padding + 1),
      };
    case 'perspective':
      return {
        type: 'perspective',
        corners: drawCorners(transform.distortion, random),
        interpolation: transform.interpolation,
      };
    case 'rotation':
      return {
        type: 'rotation',
        angleDegrees: (2 * random.uniform() - 1) * transform.degrees,
        interpolation: transform.interpolation,
      };
    default:
      return { type: transform.type };
  }
}
