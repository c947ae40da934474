import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { requireLastingStore } from './require-lasting-store.ts';

it('refuses a store in the container’s own file system, before any work', async () => {
  await expect(requireLastingStore('always', { store: '/no-such-folder/out' })).rejects.toThrow(
    /no volume is mounted for the store: \/no-such-folder\/out[^]*--volume bakeoff:\/data/,
  );
  await expect(requireLastingStore('whereNamed', { out: '/no-such-folder/out' })).rejects.toThrow(
    'no volume is mounted',
  );
});

it('leaves alone what is kept elsewhere, or nowhere', async () => {
  await requireLastingStore('always', { store: 's3://bucket/prefix' });
  await requireLastingStore('whereNamed', {});
  await requireLastingStore('never', {});
});

it.skipIf(!existsSync('/dev/shm'))('takes a folder on another file system that it can write', async () => {
  await requireLastingStore('always', { store: '/dev/shm/bakeoff/out' });
});
