import { describe, expect, it } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { decodeSafetensors } from './safetensors.ts';
import { readShard, writeShard } from './shards.ts';
import { storedBytes } from './testing/stored-bytes.ts';

const index = { datasetId: 'd', imageShape: [2, 2, 3] as const };
const content = {
  images: Uint8Array.from({ length: 2 * 12 }, (_, i) => i),
  ids: Int32Array.of(7, -1),
  labels: Uint8Array.of(3, 0),
};

describe('a shard', () => {
  it('is a safetensors file of images, ids and labels, in this order', async () => {
    const store = new MemoryStore();
    const entry = await writeShard(store, 'x', content, index.imageShape);
    expect(entry).toMatchObject({ key: 'x', count: 2 });
    const { tensors } = decodeSafetensors(await storedBytes(store, 'x'));
    expect(Object.entries(tensors)).toEqual([
      ['images', { shape: [2, 2, 2, 3], data: content.images }],
      ['ids', { shape: [2], data: content.ids }],
      ['labels', { shape: [2], data: content.labels }],
    ]);
  });

  it('is read back, whole or in part', async () => {
    const store = new MemoryStore();
    const entry = await writeShard(store, 'x', content, index.imageShape);
    expect(await readShard(store, entry, index)).toEqual(content);
    expect(await readShard(store, entry, index, ['ids'])).toEqual({ ids: content.ids });
  });

  it('is refused if its images have another shape than the dataset', async () => {
    const store = new MemoryStore();
    const entry = await writeShard(store, 'x', content, index.imageShape);
    await expect(readShard(store, entry, { ...index, imageShape: [2, 2, 1] })).rejects.toThrow(
      /x in memory: is not a shard of dataset d\n.*images: 24 values of Uint8Array\n.*images: 8 values/,
    );
  });
});
