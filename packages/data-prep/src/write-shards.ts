import { type DatasetIndex, type ShardContent, type ShardEntry, type StageContext, writeShard } from '@bakeoff/core';

const MOST_IMAGES = 5000;
/**
 * 5,000 images of 32×32×3: small enough to hold a few shards in memory, large enough that a store's cost per object
 * does not matter.
 */
const SHARD_BYTES = MOST_IMAGES * 32 * 32 * 3;

/** The most images of so many bytes that a shard has. */
export function shardImages(imageBytes: number): number {
  return Math.max(1, Math.min(MOST_IMAGES, Math.floor(SHARD_BYTES / imageBytes)));
}

/** Writes shards as they arrive, under `keyOf(0)`, `keyOf(1)`… The store writes one while the next is made. */
export async function writeShards(
  contents: Iterable<ShardContent> | AsyncIterable<ShardContent>,
  imageShape: DatasetIndex['imageShape'],
  keyOf: (number: number) => string,
  { store, signal }: Pick<StageContext, 'store' | 'signal'>,
): Promise<ShardEntry[]> {
  const shards: ShardEntry[] = [];
  let writing: Promise<ShardEntry> | undefined;
  for await (const content of contents) {
    if (writing !== undefined) shards.push(await writing);
    signal.throwIfAborted();
    writing = writeShard(store, keyOf(shards.length), content, imageShape);
  }
  if (writing !== undefined) shards.push(await writing);
  return shards;
}
