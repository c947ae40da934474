import { splitSettings, UserError } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { fingerprintSource } from './fingerprint-source.ts';
import { sourceOf, sources } from './registry.ts';
import { PixelsInMemory } from './pixels.ts';
import { source, type SourceReader } from './source.ts';

const complete = {
  title: 'nothing',
  schema: z.strictObject({ source: z.literal('nothing'), shade: z.int().default(0), ...splitSettings(10) }),
  paths: [],
  testSettings: [],
  hasArchive: false,
  caveats: [],
} as const;
const IMAGE_SHAPE = [8, 8, 3] as const;
const fingerprint = async () => ({ sha256: '0', trainImages: 1, testImages: 1, classes: [], imageShape: IMAGE_SHAPE });
const read = async () => {
  const none = { images: new PixelsInMemory(new Uint8Array(), IMAGE_SHAPE), labels: new Uint8Array() };
  return { classes: [], imageShape: IMAGE_SHAPE, training: none, test: none, sha256: '0' };
};

it('an incomplete row does not compile', () => {
  const whole = source({ ...complete, load: async () => ({ fingerprint, read }) });
  // @ts-expect-error it cannot be read
  source(complete);
  // @ts-expect-error nor without a fingerprint
  source({ ...complete, load: async () => ({ read }) });
  // @ts-expect-error a path that is not a setting of its schema
  source({ ...complete, paths: ['folder'], load: async () => ({ fingerprint, read }) });
  const withoutSettings: SourceReader<Readonly<Record<string, never>>> = { fingerprint, read };
  // @ts-expect-error a setting that its reader does not have
  source({ ...complete, load: async () => withoutSettings });
  expect(whole.title).toBe('nothing');
});

it('has schemas that accept only their own names', () => {
  for (const [name, { schema }] of Object.entries(sources))
    expect(schema.safeParse({ source: `${name}x` }).error?.issues[0]?.path).toEqual(['source']);
});

const config = {
  source: 'synthetic',
  validation: 10,
  train: null,
  stratified: true,
  seed: 1,
  onDuplicates: 'warn',
} as const;
const fingerprintOf = (more: object) =>
  fingerprintSource(
    { ...config, ...more },
    { cacheFolder: 'unused' },
    {
      log: () => undefined,
      signal: new AbortController().signal,
    },
  );

it('completes settings that a record leaves out', async () => {
  expect(await fingerprintOf({})).toEqual(await fingerprintOf({ images: 6000, testImages: 2000, sourceSeed: 1 }));
});

it('refuses an unknown source and an unknown setting', async () => {
  expect(() => sourceOf({ source: 'cifar1000' })).toThrow(UserError);
  await expect(fingerprintOf({ shade: 3 })).rejects.toThrow(/settings of a dataset of synthetic do not fit[^]*shade/);
});
