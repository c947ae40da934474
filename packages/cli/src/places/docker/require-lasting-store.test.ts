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

it('accepts a store that is elsewhere, or no store', async () => {
  await requireLastingStore('always', { store: 's3://bucket/prefix' });
  await requireLastingStore('whereNamed', {});
  await requireLastingStore('never', {});
});

it.skipIf(!existsSync('/dev/shm'))('accepts a writable folder on another file system', async () => {
  await requireLastingStore('always', { store: '/dev/shm/bakeoff/out' });
});
