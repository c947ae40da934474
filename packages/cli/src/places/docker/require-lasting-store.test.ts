import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { requireLastingStore } from './require-lasting-store.ts';

it('refuses a store in the container’s own file system, before any work', async () => {
  await expect(requireLastingStore('run', { store: '/no-such-folder/out' })).rejects.toThrow(
    /no volume is mounted for the store: \/no-such-folder\/out[^]*--volume bakeoff:\/data/,
  );
  await expect(requireLastingStore('plan', { out: '/no-such-folder/out' })).rejects.toThrow('no volume is mounted');
});

it('leaves alone what is kept elsewhere, or nowhere', async () => {
  await requireLastingStore('train', { store: 's3://bucket/prefix' });
  await requireLastingStore('plan', {});
  await requireLastingStore('status', {});
});

it.skipIf(!existsSync('/dev/shm'))('takes a folder on another file system that it can write', async () => {
  await requireLastingStore('run', { store: '/dev/shm/bakeoff/out' });
});
