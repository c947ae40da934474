import { encodeSafetensors, sha256, type ShardEntry, type SplitEntry, type StageContext } from '@bakeoff/core';
import { CHANNELS, IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from './source.ts';

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

/** Writes one shard (safetensors: `images` uint8 [n, 32, 32, 3], `ids` int32 [n], `labels` uint8 [n]) and returns its entry. */
export async function writeShard(content: ShardContent, key: string, store: StageContext['store']): Promise<ShardEntry> {
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

function gather(set: ImageSet, ids: Int32Array, images: Uint8Array): ShardContent {
  const labels = new Uint8Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number;
    images.set(set.images.subarray(id * IMAGE_BYTES, (id + 1) * IMAGE_BYTES), i * IMAGE_BYTES);
    labels[i] = set.labels[id] as number;
  }
  return { images: images.subarray(0, ids.length * IMAGE_BYTES), labels, ids };
}

/**
 * Writes the images `ids` of a set, in that order, as shards of at most 5,000 under `keyOf(0)`, `keyOf(1)`…
 * `each` sees every shard as it goes by.
 */
export async function writeSplit(set: ImageSet, ids: Int32Array, classCount: number, keyOf: (number: number) => string, context: Pick<StageContext, 'store' | 'signal'>, each: (content: ShardContent) => void): Promise<SplitEntry> {
  const shards: ShardEntry[] = [];
  const countsPerClass = Array.from({ length: classCount }, () => 0);
  const buffer = new Uint8Array(Math.min(ids.length, SHARD_IMAGES) * IMAGE_BYTES);
  let writing: Promise<ShardEntry> | undefined;
  for (let from = 0; from < ids.length; from += SHARD_IMAGES) {
    const content = gather(set, ids.slice(from, from + SHARD_IMAGES), buffer);
    for (const label of content.labels) countsPerClass[label] = (countsPerClass[label] as number) + 1;
    // The disk writes one shard while the next is gathered and hashed.
    if (writing !== undefined) shards.push(await writing);
    context.signal.throwIfAborted();
    writing = writeShard(content, keyOf(from / SHARD_IMAGES), context.store);
    each(content);
  }
  if (writing !== undefined) shards.push(await writing);
  return { count: ids.length, countsPerClass, shards };
}
