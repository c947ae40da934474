import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { encodePng } from './encode-png.ts';

it.each([
  [32, 32, 3],
  [5, 7, 1],
  [150, 200, 3],
] as const)('encodes a picture of %i × %i × %i that libpng reads back', async (height, width, channels) => {
  const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 89) % 256);
  const { data, info } = await sharp(encodePng(pixels, [height, width, channels]))
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.height, info.width, info.channels]).toEqual([height, width, channels]);
  expect(Buffer.compare(data, pixels)).toBe(0);
});

it('stores the pixels of a 32×32 picture in one block, with any zlib', () => {
  const png = encodePng(new Uint8Array(3072).fill(9), [32, 32, 3]);
  expect(png.length).toBe(8 + 25 + (12 + 2 + 5 + 32 * 97 + 4) + 12);
  expect(inflateSync(png.subarray(41, 41 + 3115)).length).toBe(32 * 97);
});
