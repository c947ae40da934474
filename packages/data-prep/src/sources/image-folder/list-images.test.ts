import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeFinding, UserError } from '@bakeoff/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../testing/context.ts';
import { leftOutFinding, listImages } from './list-images.ts';
import { reader } from './read-image-folder.ts';
import { schema } from './settings.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bakeoff-list-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Files whose content does not matter, for listing reads none. */
async function write(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), name);
  }
}

async function refusal(listing: Promise<unknown>): Promise<string> {
  const error: unknown = await listing.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

const fingerprint = (paths: { readonly path: string; readonly testPath: string }) =>
  reader.fingerprint(
    { ...paths, testImages: undefined, size: 32, fit: 'crop', color: 'rgb' },
    { cacheFolder: root },
    testContext(),
  );

test('links to folders are classes and links to files are images, as with torchvision', async () => {
  await write('t/a/0.png', 't/b/0.png', 'src/c/0.png', 'src/c/1.png');
  await symlink('../src/c', join(root, 't/c'));
  await symlink('../../src/c/0.png', join(root, 't/a/link.png'));
  const { classes, files, leftOut } = await listImages(join(root, 't'));
  expect(classes).toEqual(['a', 'b', 'c']);
  expect(files.map(({ name }) => name)).toEqual(['a/0.png', 'a/link.png', 'b/0.png', 'c/0.png', 'c/1.png']);
  expect(leftOutFinding([leftOut])).toBeUndefined();
});

test('what is left out is named and counted by kind', async () => {
  await write(
    't/a/0.png',
    't/a/sub/1.png',
    't/a/sub/deep/2.jpg',
    't/a/notes.txt',
    't/x.png',
    't/.DS_Store',
    't/list.csv',
  );
  await symlink('nowhere', join(root, 't/a/gone.png'));
  await symlink('round', join(root, 't/round'));
  const finding = leftOutFinding([(await listImages(join(root, 't'))).leftOut])!;
  expect(finding).toEqual({
    kind: 'leftOut',
    folders: { count: 1, first: ['a/sub'], images: 2 },
    outside: { count: 1, first: ['x.png'] },
    files: { count: 2, first: ['list.csv', 'a/notes.txt'] },
    brokenLinks: { count: 2, first: ['round', 'a/gone.png'] },
  });
  expect(describeFinding(finding)).toBe(
    'Left out of the image folder: 1 subfolder of class folders, with 2 images in it (a/sub); 1 image outside the folders of classes (x.png); 2 files not named like PNG or JPEG files (list.csv, a/notes.txt); 2 links that lead nowhere (round, a/gone.png). Images are read only directly in the folder of their class.',
  );
});

test('a record keeps the first 20 names of many, and a sentence five', async () => {
  await write('t/a/0.png', ...Array.from({ length: 30 }, (_, i) => `t/a/note${String(i).padStart(2, '0')}.txt`));
  const finding = leftOutFinding([(await listImages(join(root, 't'))).leftOut])!;
  expect(finding).toMatchObject({ files: { count: 30, first: { length: 20 } } });
  expect(describeFinding(finding)).toContain('a/note04.txt and 25 more)');
});

test('a class whose images are all in subfolders is refused with the place of the images', async () => {
  await write('t/a/0.png', 't/b/one/0.png', 't/b/two/1.png');
  expect(await refusal(listImages(join(root, 't')))).toMatch(
    /class b has no images[^]*2 images in its subfolders \(b\/one, b\/two\)[^]*move the images/,
  );
});

test('two class names that are one text in Unicode are refused, and shown by code points', async () => {
  await write('t/caf\u00E9/0.png', 't/cafe\u0301/0.png');
  expect(await refusal(listImages(join(root, 't')))).toContain('"cafe<U+0301>" and "caf<U+00E9>"');
});

test('classes of training and test folders are matched by Unicode normalization', async () => {
  // Sorted, the decomposed name comes before "caff", the composed one after it.
  await write('train/caf\u00E9/0.png', 'train/caff/0.png', 'test/cafe\u0301/0.png', 'test/caff/0.png');
  const paths = { path: join(root, 'train'), testPath: join(root, 'test') };
  expect(await fingerprint(paths)).toMatchObject({ trainImages: 2, testImages: 2, classes: ['caff', 'caf\u00E9'] });
});

test('one folder as path and testPath is refused, however it is written', async () => {
  const config = { source: 'image-folder', path: 'images', testPath: './images/', validation: 1 };
  expect(schema.safeParse(config).error?.issues[0]).toMatchObject({
    path: ['testPath'],
    message: expect.stringContaining('same folder as path') as string,
  });
  expect(schema.safeParse({ ...config, testPath: 'images2' }).success).toBe(true);
  await write('t/a/0.png');
  await symlink('t', join(root, 'also'));
  expect(await refusal(fingerprint({ path: join(root, 't'), testPath: join(root, 'also') }))).toMatch(
    /the same folder: a network would be tested on the images that it learned/,
  );
});
