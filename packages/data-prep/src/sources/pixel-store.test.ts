import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@bakeoff/core';
import { expect, test } from 'vitest';
import { openPixelStore } from './pixel-store.ts';

const SHAPE = [256, 256, 3] as const;

test('a large set stands in a file without a name, which is gone with the process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bakeoff-pixels-'));
  const store = openPixelStore(2000, SHAPE, folder);
  expect(await readdir(folder)).toEqual([]);
  const image = new Uint8Array(256 * 256 * 3);
  for (const id of [1999, 3]) store.set(id, image.fill(id));
  expect(store.image(3).every((value) => value === 3)).toBe(true);
  expect(store.image(1999)[0]).toBe(1999 & 0xff);
  expect(store.image(5).length).toBe(image.length);
  store.close();
  const file = join(folder, 'file');
  await writeFile(file, '');
  expect(() => openPixelStore(2000, SHAPE, join(file, 'x'))).toThrow(UserError);
  await rm(folder, { recursive: true });
});

test('a small set stays in memory', () => {
  const store = openPixelStore(3, [2, 2, 1], '/nonexistent/folder');
  store.set(2, Uint8Array.of(1, 2, 3, 4));
  expect([...store.image(2)]).toEqual([1, 2, 3, 4]);
  expect(store.count).toBe(3);
});
