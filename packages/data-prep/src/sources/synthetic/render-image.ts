import type { Random } from '@bakeoff/core';
import { CHANNELS, IMAGE_BYTES, IMAGE_PIXELS, IMAGE_SIZE } from './image-size.ts';
import type { Shape } from './shapes.ts';

const MIDDLE = IMAGE_SIZE / 2;

type Color = readonly [red: number, green: number, blue: number];
/** An image while it is painted: RGB by pixel, 0…255, not yet rounded. */
type Canvas = Float64Array;

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform();
const randomColor = (random: Random): Color => [
  between(random, 20, 235),
  between(random, 20, 235),
  between(random, 20, 235),
];

/** A color at least `apart` from another one, so that a shape is visible on its background. */
function colorApart(random: Random, other: Color, apart: number): Color {
  for (;;) {
    const candidate = randomColor(random);
    if (Math.hypot(candidate[0] - other[0], candidate[1] - other[1], candidate[2] - other[2]) >= apart)
      return candidate;
  }
}

/** Blends a color over one pixel. */
function blend(canvas: Canvas, pixel: number, [red, green, blue]: Color, opacity: number): void {
  const at = pixel * CHANNELS;
  canvas[at] = canvas[at]! * (1 - opacity) + red * opacity;
  canvas[at + 1] = canvas[at + 1]! * (1 - opacity) + green * opacity;
  canvas[at + 2] = canvas[at + 2]! * (1 - opacity) + blue * opacity;
}

/**
 * Covers the canvas with two colors mixed by a plane wave (slow waves are gradients, fast ones stripes), with the
 * `opacity` of each pixel.
 */
function paintWaves(
  canvas: Canvas,
  opacity: Float64Array | undefined,
  random: Random,
  first: Color,
  fastest: number,
): void {
  const second = randomColor(random);
  const contrast = between(random, 0, 0.35);
  const angle = between(random, 0, Math.PI);
  const frequency = between(random, 0.05, fastest);
  const dx = Math.cos(angle) * frequency;
  const dy = Math.sin(angle) * frequency;
  const phase = between(random, 0, 2 * Math.PI);
  for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++) {
    const cover = opacity === undefined ? 1 : opacity[pixel]!;
    if (cover === 0) continue;
    const mix =
      contrast * (0.5 + 0.5 * Math.sin((pixel % IMAGE_SIZE) * dx + Math.floor(pixel / IMAGE_SIZE) * dy + phase));
    // Over the previous pixels: cover·((1 − mix)·first + mix·second), in two layers.
    blend(canvas, pixel, first, (cover * (1 - mix)) / (1 - cover * mix));
    blend(canvas, pixel, second, cover * mix);
  }
}

/** A bar through the image. In front of the shape, it hides a part; behind it, it adds edges without meaning. */
function paintBar(canvas: Canvas, random: Random): void {
  const color = randomColor(random);
  const angle = between(random, 0, Math.PI);
  const nx = Math.cos(angle);
  const ny = Math.sin(angle);
  const offset = between(random, -12, 12);
  const halfWidth = between(random, 0.5, 2);
  for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++) {
    const x = (pixel % IMAGE_SIZE) + 0.5 - MIDDLE;
    const y = Math.floor(pixel / IMAGE_SIZE) + 0.5 - MIDDLE;
    if (Math.abs(x * nx + y * ny - offset) < halfWidth) blend(canvas, pixel, color, 1);
  }
}

/**
 * The fraction of each pixel that the shape covers, rotated, scaled, stretched and moved at random; 2×2 samples per
 * pixel.
 */
function poseShape(shape: Shape, random: Random): Float64Array {
  const angle = between(random, -0.3, 0.3);
  const radius = between(random, 9, 13);
  const stretch = Math.exp(between(random, -0.22, 0.22));
  const centerX = MIDDLE + between(random, -3, 3);
  const centerY = MIDDLE + between(random, -3, 3);
  const cos = Math.cos(angle) / radius;
  const sin = Math.sin(angle) / radius;
  const opacity = new Float64Array(IMAGE_PIXELS);
  for (let point = 0; point < 4 * IMAGE_PIXELS; point++) {
    const column = point % (2 * IMAGE_SIZE);
    const row = Math.floor(point / (2 * IMAGE_SIZE));
    const dx = column / 2 + 0.25 - centerX;
    const dy = row / 2 + 0.25 - centerY;
    const pixel = (row >> 1) * IMAGE_SIZE + (column >> 1);
    if (shape((cos * dx + sin * dy) * stretch, (cos * dy - sin * dx) / stretch))
      opacity[pixel] = opacity[pixel]! + 0.25;
  }
  return opacity;
}

/**
 * Adds noise and rounds to bytes. The sum of two random bytes has a triangular distribution of standard deviation 104.
 */
function develop(canvas: Canvas, random: Random, noise: number): Uint8Array {
  const image = new Uint8ClampedArray(IMAGE_BYTES);
  for (let i = 0; i < IMAGE_BYTES; i += 2) {
    const word = random.uint32();
    image[i] = canvas[i]! + ((word & 0xff) + ((word >>> 8) & 0xff) - 255) * noise;
    image[i + 1] = canvas[i + 1]! + (((word >>> 16) & 0xff) + (word >>> 24) - 255) * noise;
  }
  return new Uint8Array(image.buffer);
}

/**
 * Draws one image: a shape in a random pose with striped or graded colors on a striped or graded background, at most
 * one bar behind and one in front of it, and noise. Color, place, size and direction say nothing about the class; only
 * the outline does.
 * @returns uint8 [32, 32, 3]
 */
export function renderImage(shape: Shape, random: Random): Uint8Array {
  const canvas = new Float64Array(IMAGE_BYTES);
  const ground = randomColor(random);
  paintWaves(canvas, undefined, random, ground, 0.8);
  if (random.uniform() < 0.5) paintBar(canvas, random);
  paintWaves(canvas, poseShape(shape, random), random, colorApart(random, ground, 110), 1.2);
  if (random.uniform() < 0.5) paintBar(canvas, random);
  return develop(canvas, random, between(random, 0.03, 0.085));
}
