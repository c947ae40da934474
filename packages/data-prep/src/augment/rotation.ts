import { IMAGE_SIZE } from '../source.ts';
import type { DrawnTransform } from './drawn-transform.ts';
import { sampleImage, sourcePlaces } from './sample-image.ts';

type Rotation = Extract<DrawnTransform, { type: 'rotation' }>;

const MIDDLE = IMAGE_SIZE / 2;
const ONE = 65_536;

/** Pillow rounds to 15 decimals, so that quarter turns are exact. */
const round15 = (value: number): number => Math.round(value * 1e15) / 1e15;
const toFixed16 = (value: number): number => Math.floor(value * ONE + 0.5);

/**
 * torchvision's `rotate` of a Pillow image about its centre, without expansion, fill 0.
 * Pillow walks with 16-bit fractions for nearest neighbours and with doubles for bilinear; so does this.
 */
export function applyRotation({ angleDegrees, interpolation }: Rotation, from: Uint8Array, to: Uint8Array): void {
  const angle = (-angleDegrees * Math.PI) / 180;
  const cos = round15(Math.cos(angle));
  const sin = round15(Math.sin(angle));
  const shiftX = cos * -MIDDLE + sin * -MIDDLE + MIDDLE;
  const shiftY = -sin * -MIDDLE + cos * -MIDDLE + MIDDLE;
  if (interpolation === 'nearest') placeByFixedPoint(cos, sin, shiftX, shiftY);
  else placeExactly(cos, sin, shiftX, shiftY);
  sampleImage(from, sourcePlaces, interpolation, to);
}

function placeExactly(cos: number, sin: number, shiftX: number, shiftY: number): void {
  for (let row = 0, pixel = 0; row < IMAGE_SIZE; row++) {
    const y = row + 0.5;
    for (let column = 0; column < IMAGE_SIZE; column++, pixel++) {
      const x = column + 0.5;
      sourcePlaces.x[pixel] = cos * x + sin * y + shiftX;
      sourcePlaces.y[pixel] = -sin * x + cos * y + shiftY;
    }
  }
}

function placeByFixedPoint(cos: number, sin: number, shiftX: number, shiftY: number): void {
  const stepX = toFixed16(cos);
  const stepY = toFixed16(-sin);
  const rowStepX = toFixed16(sin);
  const rowStepY = toFixed16(cos);
  const startX = toFixed16(shiftX + cos * 0.5 + sin * 0.5);
  const startY = toFixed16(shiftY - sin * 0.5 + cos * 0.5);
  for (let row = 0, pixel = 0; row < IMAGE_SIZE; row++) {
    for (let column = 0; column < IMAGE_SIZE; column++, pixel++) {
      sourcePlaces.x[pixel] = (startX + row * rowStepX + column * stepX) / ONE;
      sourcePlaces.y[pixel] = (startY + row * rowStepY + column * stepY) / ONE;
    }
  }
}
