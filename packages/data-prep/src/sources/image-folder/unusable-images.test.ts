import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, UserError } from '@bakeoff/core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../testing/context.ts';
import { decodeImages } from './decode-images.ts';

let root: string;
let png: Buffer;
let jpeg: Buffer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bakeoff-unusable-'));
  const random = new Random(1);
  const noise = Uint8Array.from({ length: 40 * 40 * 3 }, () => random.integer(256));
  const image = sharp(noise, { raw: { width: 40, height: 40, channels: 3 } });
  png = await image.clone().png().toBuffer();
  jpeg = await image.clone().jpeg().toBuffer();
});
afterAll(() => rm(root, { recursive: true }));

const CONVERSION = { size: 32, fit: 'crop', color: 'rgb' } as const;

async function messageOf(files: Readonly<Record<string, Buffer>>): Promise<string> {
  const listed = Object.keys(files).map((name) => ({ name, path: join(root, name), label: 0 }));
  for (const { name, path } of listed) await writeFile(path, files[name]!);
  const error: unknown = await decodeImages(listed, CONVERSION, root, testContext()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message.replaceAll(`${root}/`, '');
}

const flipped = (file: Buffer): Buffer => Buffer.from(file).fill(0x5a, 400, 460);

test('one message names every broken image, with its trouble in plain words', async () => {
  const message = await messageOf({
    '0.png': png,
    '1.png': Buffer.alloc(0),
    '2.png': png.subarray(0, png.length / 2),
    '3.jpg': jpeg.subarray(0, jpeg.length / 2),
    '4.jpg': jpeg.subarray(0, 20),
    '5.png': flipped(png),
    '6.jpg': Buffer.from('<!DOCTYPE html><html>not found</html>'),
    '7.png': Buffer.from('just some text'),
    '8.jpg': jpeg,
  });
  expect(message.split('\n').map((line) => line.trim())).toEqual([
    'cannot decode 7 images',
    'received: 1.png: it is empty',
    '2.png: it is cut short: the file ends before the image does',
    '3.jpg: it is cut short: the file ends before the image does',
    '4.jpg: it is cut short: the file ends before the image does',
    '5.png: its data are damaged (a PNG whose checksums or pixels do not fit)',
    '6.jpg: it is a web page, not an image',
    '7.png: its content is not an image, whatever its name says',
    'allowed:  complete PNG or JPEG files',
    'change:   repair the files, or remove them from the image folder',
  ]);
});

test('a message ends after twenty broken images, and says that there may be more', async () => {
  const empty = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${100 + i}.png`, Buffer.alloc(0)]));
  const message = await messageOf(empty);
  expect(message).toMatch(/^cannot decode at least 32 images/);
  expect(message.match(/it is empty/g)).toHaveLength(20);
});

test('values of 12 bits in a 16-bit file become nearly black', async () => {
  const values = Uint16Array.from({ length: 32 * 32 }, (_, i) => (i * 977) % 4096);
  const file = await sharp(values, { raw: { width: 32, height: 32, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();
  const path = join(root, 'sixteen.png');
  await writeFile(path, file);
  const { images } = await decodeImages([{ name: 'sixteen.png', path, label: 0 }], CONVERSION, root, testContext());
  const pixels = images.image(0);
  expect([Math.max(...pixels), Math.min(...pixels)]).toEqual([15, 0]);
});
