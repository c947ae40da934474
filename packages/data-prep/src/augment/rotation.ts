import type { DrawnTransform } from '@bakeoff/core';
import type { ImageSize } from './image-size.ts';
import { sampleImage, sourcePlaces, type SourcePlaces } from './sample-image.ts';

type Rotation = Extract<DrawnTransform, { type: 'rotation' }>;

const ONE = 65_536;

/** Pillow rounds to 15 decimals, so that quarter turns are exact. */
const round15 = (value: number): number => Math.round(value * 1e15) / 1e15;
const toFixed16 = (value: number): number => Math.floor(value * ONE + 0.5);

/**
 * torchvision's `rotate` of a Pillow image about its center, without expansion, fill 0. Like Pillow, it uses 16-bit
 * fractions for nearest neighbors and doubles for bilinear.
 */
export function applyRotation(
  { angleDegrees, interpolation }: Rotation,
  size: ImageSize,
  from: Uint8Array,
  to: Uint8Array,
): void {
  const angle = (-angleDegrees * Math.PI) / 180;
  const cos = round15(Math.cos(angle));
  const sin = round15(Math.sin(angle));
  const [middleX, middleY] = [size.width / 2, size.height / 2];
  const shiftX = cos * -middleX + sin * -middleY + middleX;
  const shiftY = -sin * -middleX + cos * -middleY + middleY;
  const places = sourcePlaces(size.height * size.width);
  const walk = interpolation === 'nearest' ? placeByFixedPoint : placeExactly;
  walk({ cos, sin, shiftX, shiftY }, size, places);
  sampleImage(from, places, size, interpolation, to);
}

/** (x, y) → (cos·x + sin·y + shiftX, −sin·x + cos·y + shiftY): from a pixel of the result to its source. */
interface Turn {
  readonly cos: number;
  readonly sin: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

function placeExactly({ cos, sin, shiftX, shiftY }: Turn, { height, width }: ImageSize, places: SourcePlaces): void {
  for (let row = 0, pixel = 0; row < height; row++) {
    const y = row + 0.5;
    for (let column = 0; column < width; column++, pixel++) {
      const x = column + 0.5;
      places.x[pixel] = cos * x + sin * y + shiftX;
      places.y[pixel] = -sin * x + cos * y + shiftY;
    }
  }
}

function placeByFixedPoint(
  { cos, sin, shiftX, shiftY }: Turn,
  { height, width }: ImageSize,
  places: SourcePlaces,
): void {
  const stepX = toFixed16(cos);
  const stepY = toFixed16(-sin);
  const rowStepX = toFixed16(sin);
  const rowStepY = toFixed16(cos);
  const startX = toFixed16(shiftX + cos * 0.5 + sin * 0.5);
  const startY = toFixed16(shiftY - sin * 0.5 + cos * 0.5);
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      places.x[pixel] = (startX + row * rowStepX + column * stepX) / ONE;
      places.y[pixel] = (startY + row * rowStepY + column * stepY) / ONE;
    }
  }
}
