import {
  type DatasetIndex,
  encodeSafetensors,
  keys,
  MemoryStore,
  sha256,
  type ShardEntry,
  UserError,
  type ViewIndex,
  writeJson,
} from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { describe, expect, it } from 'vitest';
import { loadSplit, loadView } from './load-split.ts';

const SIZE = 4 * 4 * 3;

async function writeShard(
  store: MemoryStore,
  key: string,
  first: number,
  count: number,
  labeled = true,
): Promise<ShardEntry> {
  const images = {
    shape: [count, 4, 4, 3],
    data: Uint8Array.from({ length: count * SIZE }, (_, i) => (first * SIZE + i) % 251),
  };
  const labels = { shape: [count], data: Uint8Array.from({ length: count }, (_, i) => (first + i) % 10) };
  const ids = { shape: [count], data: Int32Array.from({ length: count }, (_, i) => 1000 + first + i) };
  const body = encodeSafetensors(labeled ? { images, labels, ids } : { images });
  await store.put(key, body);
  return { key, count, bytes: body.length, sha256: sha256(body) };
}

async function prepare() {
  const store = new MemoryStore();
  const shards = [
    await writeShard(store, keys.shard('d', 'train', 0), 0, 5),
    await writeShard(store, keys.shard('d', 'train', 1), 5, 3),
  ];
  const none = { count: 0, countsPerClass: [], shards: [] };
  const index = {
    formatVersion: 1,
    datasetId: 'd',
    imageShape: [4, 4, 3],
    splits: { train: { count: 8, countsPerClass: [], shards }, validation: none, test: none },
  } as unknown as DatasetIndex;
  return { store, index, shards };
}

describe('loadSplit', () => {
  it('joins the shards in order', async () => {
    const { store, index } = await prepare();
    const split = await loadSplit(store, index, 'train');
    expect(split.count).toBe(8);
    expect([...split.ids]).toEqual([1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007]);
    expect([...split.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(split.images).toEqual(Uint8Array.from({ length: 8 * SIZE }, (_, i) => i % 251));
  });

  it('names the shard that has one changed byte', async () => {
    const { store, index, shards } = await prepare();
    const key = shards[1]!.key;
    const body = await storedBytes(store, key);
    body[body.length - 7] = body[body.length - 7]! ^ 1;
    await store.put(key, body);
    await expect(loadSplit(store, index, 'train')).rejects.toThrow(`${key} in memory: is damaged`);
  });

  it('names the tensor that a shard lacks', async () => {
    const { store, index, shards } = await prepare();
    const unlabeled = await writeShard(store, 'x.safetensors', 0, 5, false);
    const broken = {
      ...index,
      splits: { ...index.splits, train: { ...index.splits.train, shards: [unlabeled, ...shards.slice(1)] } },
    };
    await expect(loadSplit(store, broken, 'train')).rejects.toThrow(/no tensor labels/);
  });
});

describe('loadView', () => {
  it("returns a view's images and refuses a view that was not prepared or has another number of images", async () => {
    const { store, index } = await prepare();
    const write = async (view: number, count: number) => {
      const shard = await writeShard(store, keys.viewShard('d', 'a', view, 0), view, count, false);
      const record: ViewIndex = { formatVersion: 1, datasetId: 'd', augmentationId: 'a', view, shards: [shard] };
      await writeJson(store, keys.viewIndex('d', 'a', view), record);
    };
    await write(1, 8);
    await write(2, 7);
    expect(await loadView(store, index, 'a', 1)).toEqual(
      Uint8Array.from({ length: 8 * SIZE }, (_, i) => (SIZE + i) % 251),
    );
    await expect(loadView(store, index, 'a', 2)).rejects.toThrow(/7 images/);
    await expect(loadView(store, index, 'a', 3)).rejects.toThrow(UserError);
  });
});
