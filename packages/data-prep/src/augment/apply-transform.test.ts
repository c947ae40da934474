import { readFileSync } from 'node:fs';
import { decodeSafetensors, type DrawnTransform } from '@bakeoff/core';
import { describe, expect, test } from 'vitest';
import { transformer } from './apply-transform.ts';

const IMAGE_PIXELS = 32 * 32;
const IMAGE_BYTES = IMAGE_PIXELS * 3;
const applyTransform = transformer([32, 32, 3]);

const file = new Uint8Array(readFileSync(new URL('../testing/data/augmentation.safetensors', import.meta.url)));
const { tensors, metadata } = decodeSafetensors(file);
const inputs = tensors['inputs']?.data as Uint8Array;
const outputs = tensors['outputs']?.data as Uint8Array;
const cases = JSON.parse(metadata['cases']!) as { input: number; transform: DrawnTransform }[];

const image = (all: Uint8Array, i: number) => all.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES);

/** Number of pixels with a channel that differs by more than one gray level. */
function pixelsOff(transform: DrawnTransform, input: number, output: number): number {
  const result = new Uint8Array(IMAGE_BYTES).fill(77);
  applyTransform(transform, image(inputs, input), result);
  const expected = image(outputs, output);
  let off = 0;
  for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++) {
    if ([0, 1, 2].some((c) => Math.abs(result[pixel * 3 + c]! - expected[pixel * 3 + c]!) > 1)) off++;
  }
  return off;
}

describe('every transform with explicit parameters gives the same pixels as torchvision', () => {
  for (const type of new Set(cases.map(({ transform }) => transform.type))) {
    test(type, () => {
      const own = cases.map((entry, place) => ({ ...entry, place })).filter(({ transform }) => transform.type === type);
      const off = own.reduce((sum, { transform, input, place }) => sum + pixelsOff(transform, input, place), 0);
      expect(off).toBe(0);
    });
  }
});

test('a perspective whose corners coincide is black rather than arbitrary', () => {
  const result = new Uint8Array(IMAGE_BYTES).fill(77);
  const corner = [16, 16] as const;
  applyTransform(
    { type: 'perspective', corners: [corner, [31, 0], [31, 31], corner], interpolation: 'bilinear' },
    image(inputs, 0),
    result,
  );
  expect(result.every((value) => value === 0)).toBe(true);
});

test('a gray image becomes what each channel of the same image in RGB becomes', () => {
  const gray = Uint8Array.from({ length: IMAGE_PIXELS }, (_, i) => (i * 37) % 251);
  const rgb = Uint8Array.from({ length: IMAGE_BYTES }, (_, i) => gray[Math.floor(i / 3)]!);
  const transforms: DrawnTransform[] = [
    { type: 'grayscale' },
    { type: 'rotation', angleDegrees: 17, interpolation: 'bilinear' },
    { type: 'rotation', angleDegrees: -40, interpolation: 'nearest' },
    {
      type: 'perspective',
      corners: [
        [1, 2],
        [30, 0],
        [29, 31],
        [0, 28],
      ],
      interpolation: 'bilinear',
    },
  ];
  for (const transform of transforms) {
    const [one, three] = [new Uint8Array(IMAGE_PIXELS), new Uint8Array(IMAGE_BYTES)];
    transformer([32, 32, 1])(transform, gray, one);
    applyTransform(transform, rgb, three);
    expect(one).toEqual(three.filter((_, i) => i % 3 === 0));
  }
});
