import { everySettingUsed, type Random, type Transform } from '@bakeoff/core';
import type { ImageSize } from './image-size.ts';

export type Interpolation = 'nearest' | 'bilinear';
/** A point in the image, x to the right and y down, in pixels. */
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

/**
 * Four corners, each moved inward by whole pixels, 0 … floor(distortion × half the extent) on each axis, as
 * torchvision's RandomPerspective.get_params draws them.
 */
function drawCorners(
  distortion: number,
  random: Random,
  { height, width }: ImageSize,
): readonly [Corner, Corner, Corner, Corner] {
  const inwards = (extent: number) => random.integer(Math.floor((distortion * extent) / 2) + 1);
  const left = () => inwards(width);
  const right = () => width - 1 - inwards(width);
  const top = () => inwards(height);
  const bottom = () => height - 1 - inwards(height);
  return [
    [left(), top()],
    [right(), top()],
    [right(), bottom()],
    [left(), bottom()],
  ];
}

type TransformType = Transform['type'];
/** A transform's settings without type and probability, which all transforms have. */
type TransformSettings<Type extends TransformType> = Omit<Extract<Transform, { type: Type }>, 'type' | 'probability'>;
type Draw<Type extends TransformType> = (
  settings: TransformSettings<Type>,
  random: Random,
  size: ImageSize,
) => DrawnTransform;

/** How each transform draws its choices, from torchvision's distributions. */
export const draws: { readonly [Type in TransformType]: Draw<Type> } = {
  horizontalFlip(unused) {
    everySettingUsed(unused);
    return { type: 'horizontalFlip' };
  },
  randomCrop({ padding, ...unused }, random) {
    everySettingUsed(unused);
    const left = random.integer(2 * padding + 1);
    return { type: 'randomCrop', padding, left, top: random.integer(2 * padding + 1) };
  },
  grayscale(unused) {
    everySettingUsed(unused);
    return { type: 'grayscale' };
  },
  perspective({ distortion, interpolation, ...unused }, random, size) {
    everySettingUsed(unused);
    return { type: 'perspective', corners: drawCorners(distortion, random, size), interpolation };
  },
  rotation({ degrees, interpolation, ...unused }, random) {
    everySettingUsed(unused);
    return { type: 'rotation', angleDegrees: (2 * random.uniform() - 1) * degrees, interpolation };
  },
};

/** Draws a transform's random choices; undefined: it is not applied this time. */
export function drawTransform(transform: Transform, random: Random, size: ImageSize): DrawnTransform | undefined {
  const { type, probability, ...settings } = transform;
  if (random.uniform() >= probability) return undefined;
  const draw = draws[type] as (of: typeof settings, ...more: [Random, ImageSize]) => DrawnTransform;
  return draw(settings, random, size);
}
