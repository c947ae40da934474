import { encodeSafetensors, sha256, type ShardEntry, type StageContext, type Store } from '@bakeoff/core';
import { CHANNELS, IMAGE_SIZE } from './source.ts';

/** 15.4 MB of pixels: small enough to hold a few, large enough that a store's cost per object does not matter. */
export const SHARD_IMAGES = 5000;

export interface ShardContent {
  /** uint8 [n, 32, 32, 3] */
  readonly images: Uint8Array;
  /** uint8 [n] */
  readonly labels: Uint8Array;
  /** int32 [n]: places in the source. */
  readonly ids: Int32Array;
}

/** Writes one shard (safetensors: `images` uint8 [n, 32, 32, 3], `ids` int32 [n], `labels` uint8 [n]); its content is free for reuse at once. */
async function writeShard(content: ShardContent, key: string, store: Store): Promise<ShardEntry> {
  const count = content.ids.length;
  const file = encodeSafetensors({
    images: { shape: [count, IMAGE_SIZE, IMAGE_SIZE, CHANNELS], data: content.images },
    ids: { shape: [count], data: content.ids },
    labels: { shape: [count], data: content.labels },
  });
  const put = store.put(key, file);
  const entry = { key, count, bytes: file.length, sha256: sha256(file) };
  await put;
  return entry;
}

/** Writes shards as they come, under `keyOf(0)`, `keyOf(1)`…; the store writes one while the next is made. */
export async function writeShards(
  contents: Iterable<ShardContent>,
  keyOf: (number: number) => string,
  { store, signal }: Pick<StageContext, 'store' | 'signal'>,
): Promise<ShardEntry[]> {
  const shards: ShardEntry[] = [];
  let writing: Promise<ShardEntry> | undefined;
  for (const content of contents) {
    if (writing !== undefined) shards.push(await writing);
    signal.throwIfAborted();
    writing = writeShard(content, keyOf(shards.length), store);
  }
  if (writing !== undefined) shards.push(await writing);
  return shards;
}
