import type { DrawnTransform } from '@bakeoff/core';
import type { ImageSize } from './image-size.ts';
import { sampleImage, sourcePlaces } from './sample-image.ts';

type Perspective = Extract<DrawnTransform, { type: 'perspective' }>;

const UNKNOWNS = 8;

/**
 * Solves an 8×8 system, given as rows of 9, in place by Gaussian elimination with partial pivoting. A singular one
 * gives infinities or NaN.
 */
function solve(rows: Float64Array[]): number[] {
  for (let k = 0; k < UNKNOWNS; k++) {
    let pivot = k;
    for (let r = k + 1; r < UNKNOWNS; r++) if (Math.abs(rows[r]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = r;
    const row = rows[pivot]!;
    rows[pivot] = rows[k]!;
    rows[k] = row;
    for (let r = k + 1; r < UNKNOWNS; r++) {
      const other = rows[r]!;
      const factor = other[k]! / row[k]!;
      for (let c = k; c <= UNKNOWNS; c++) other[c] = other[c]! - factor * row[c]!;
    }
  }
  const solution = Array.from({ length: UNKNOWNS }, () => 0);
  for (let k = UNKNOWNS - 1; k >= 0; k--) {
    const row = rows[k]!;
    let value = row[UNKNOWNS]!;
    for (let c = k + 1; c < UNKNOWNS; c++) value -= row[c]! * solution[c]!;
    solution[k] = value / row[k]!;
  }
  return solution;
}

/**
 * Coefficients of (x, y) → ((a·x + b·y + c) / (g·x + h·y + 1), (d·x + e·y + f) / (g·x + h·y + 1)) that map each corner
 * to where it came from.
 */
function coefficients(corners: Perspective['corners'], { height, width }: ImageSize): number[] {
  const [right, bottom] = [width - 1, height - 1];
  const startCorners = [
    [0, 0],
    [right, 0],
    [right, bottom],
    [0, bottom],
  ] as const;
  const rows: Float64Array[] = [];
  corners.forEach(([x, y], i) => {
    const [startX, startY] = startCorners[i] as readonly [number, number];
    rows.push(
      Float64Array.of(x, y, 1, 0, 0, 0, -startX * x, -startX * y, startX),
      Float64Array.of(0, 0, 0, x, y, 1, -startY * x, -startY * y, startY),
    );
  });
  // torchvision passes them on as float32, which matters for pixels that fall on an edge.
  return solve(rows).map(Math.fround);
}

/**
 * torchvision's `perspective` of a Pillow image with fill 0. Pillow applies the coefficients at pixel centers (x + ½, y
 * + ½), although they were solved for corners at whole numbers. Corners that coincide have no such map: the result is
 * black, where Pillow's would be arbitrary.
 */
export function applyPerspective(
  { corners, interpolation }: Perspective,
  size: ImageSize,
  from: Uint8Array,
  to: Uint8Array,
): void {
  const { height, width } = size;
  const [a, b, c, d, e, f, g, h] = coefficients(corners, size) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const places = sourcePlaces(height * width);
  for (let row = 0, pixel = 0; row < height; row++) {
    const y = row + 0.5;
    for (let column = 0; column < width; column++, pixel++) {
      const x = column + 0.5;
      const depth = g * x + h * y + 1;
      places.x[pixel] = (a * x + b * y + c) / depth;
      places.y[pixel] = (d * x + e * y + f) / depth;
    }
  }
  sampleImage(from, places, size, interpolation, to);
}
