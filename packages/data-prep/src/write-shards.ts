import { type DatasetIndex, type ShardContent, type ShardEntry, type StageContext, writeShard } from '@bakeoff/core';

/**
 * 15.4 MB of pixels: small enough to hold a few in memory, large enough that a store's cost per object does not matter.
 */
export const SHARD_IMAGES = 5000;

/** Writes shards as they arrive, under `keyOf(0)`, `keyOf(1)`… The store writes one while the next is made. */
export async function writeShards(
  contents: Iterable<ShardContent>,
  imageShape: DatasetIndex['imageShape'],
  keyOf: (number: number) => string,
  { store, signal }: Pick<StageContext, 'store' | 'signal'>,
): Promise<ShardEntry[]> {
  const shards: ShardEntry[] = [];
  let writing: Promise<ShardEntry> | undefined;
  for (const content of contents) {
    if (writing !== undefined) shards.push(await writing);
    signal.throwIfAborted();
    writing = writeShard(store, keyOf(shards.length), content, imageShape);
  }
  if (writing !== undefined) shards.push(await writing);
  return shards;
}
