import { everySettingUsed } from '../every-setting-used.ts';
import type { ImageShape } from '../image-shape.ts';
import type { Transform } from '../manifest/augmentation-schema.ts';
import type { Random } from '../random.ts';

export type Interpolation = 'nearest' | 'bilinear';
/** A point in the image, x to the right and y down, in pixels. */
type Corner = readonly [x: number, y: number];

/** A transform whose random choices are made: what remains is a plain function of pixels. */
export type DrawnTransform =
  | { readonly type: 'horizontalFlip' }
  /** The window's place in the padded image, 0 … 2 × padding. */
  | { readonly type: 'randomCrop'; readonly padding: number; readonly left: number; readonly top: number }
  /** The image's content moves so many pixels to the right and down. */
  | { readonly type: 'translate'; readonly x: number; readonly y: number }
  /** The square's top left corner; it may lie outside the image, and the square may reach over the border. */
  | { readonly type: 'cutout'; readonly left: number; readonly top: number; readonly size: number }
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
  [height, width]: ImageShape,
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

/** Where a square of `size` begins along an axis of the image. */
function drawStart(size: number, extent: number, overBorder: boolean, random: Random): number {
  return overBorder ? random.integer(extent) - Math.floor(size / 2) : random.integer(Math.max(1, extent - size + 1));
}

/** What a transform's choices depend on. */
export interface DrawContext {
  /** The stream of this view, image and transform. */
  readonly random: Random;
  /** The stream of this image and transform in all views. */
  readonly randomOfImage: () => Random;
  /** Counted from 1. */
  readonly view: number;
  readonly imageShape: ImageShape;
}

export type TransformType = Transform['type'];
/** A transform's settings without type and probability. */
type TransformSettings<Type extends TransformType> = Omit<Extract<Transform, { type: Type }>, 'type' | 'probability'>;
type Draw = (context: DrawContext) => DrawnTransform | undefined;
/** Settings are read once, because drawing is done for every image of a batch. */
type DrawOf<Type extends TransformType> = (settings: TransformSettings<Type>) => Draw;

/** How each transform draws its choices: those of torchvision from its distributions. */
export const draws: { readonly [Type in TransformType]: DrawOf<Type> } = {
  horizontalFlip(unused) {
    everySettingUsed(unused);
    return () => ({ type: 'horizontalFlip' });
  },
  alternatingFlip(unused) {
    everySettingUsed(unused);
    return ({ randomOfImage, view }) =>
      (randomOfImage().integer(2) + view) % 2 === 0 ? { type: 'horizontalFlip' } : undefined;
  },
  randomCrop({ padding, ...unused }) {
    everySettingUsed(unused);
    return ({ random }) => {
      const left = random.integer(2 * padding + 1);
      return { type: 'randomCrop', padding, left, top: random.integer(2 * padding + 1) };
    };
  },
  translate({ pixels, ...unused }) {
    everySettingUsed(unused);
    return ({ random }) => {
      const x = random.integer(2 * pixels + 1) - pixels;
      return { type: 'translate', x, y: random.integer(2 * pixels + 1) - pixels };
    };
  },
  cutout({ size, overBorder, ...unused }) {
    everySettingUsed(unused);
    return ({ random, imageShape: [height, width] }) => {
      const left = drawStart(size, width, overBorder, random);
      return { type: 'cutout', left, top: drawStart(size, height, overBorder, random), size };
    };
  },
  grayscale(unused) {
    everySettingUsed(unused);
    return () => ({ type: 'grayscale' });
  },
  perspective({ distortion, interpolation, ...unused }) {
    everySettingUsed(unused);
    return ({ random, imageShape }) => ({
      type: 'perspective',
      corners: drawCorners(distortion, random, imageShape),
      interpolation,
    });
  },
  rotation({ degrees, interpolation, ...unused }) {
    everySettingUsed(unused);
    return ({ random }) => ({
      type: 'rotation',
      angleDegrees: (2 * random.uniform() - 1) * degrees,
      interpolation,
    });
  },
};

/** Draws a transform's random choices; undefined: it is not applied this time. */
export function drawTransform(transform: Transform): Draw {
  const { type, probability, ...settings } = { probability: 1, ...transform };
  const draw = (draws[type] as (of: typeof settings) => Draw)(settings);
  return (context) => (context.random.uniform() >= probability ? undefined : draw(context));
}
