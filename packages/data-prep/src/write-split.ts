import type { ShardContent, SplitEntry, StageContext } from '@bakeoff/core';
import { CHANNELS, IMAGE_BYTES, IMAGE_SIZE, type ImageSet } from './source.ts';
import { SHARD_IMAGES, writeShards } from './write-shards.ts';

/** The images `ids` of a set, in that order, by shards that share one buffer of pixels. */
function* gather(set: ImageSet, ids: Int32Array): Iterable<ShardContent> {
  const buffer = new Uint8Array(Math.min(ids.length, SHARD_IMAGES) * IMAGE_BYTES);
  for (let from = 0; from < ids.length; from += SHARD_IMAGES) {
    const part = ids.slice(from, from + SHARD_IMAGES);
    const labels = new Uint8Array(part.length);
    for (let i = 0; i < part.length; i++) {
      const id = part[i] as number;
      buffer.set(set.images.subarray(id * IMAGE_BYTES, (id + 1) * IMAGE_BYTES), i * IMAGE_BYTES);
      labels[i] = set.labels[id] as number;
    }
    yield { images: buffer.subarray(0, part.length * IMAGE_BYTES), labels, ids: part };
  }
}

/** Writes the images `ids` of a set as shards of at most 5,000. `each` sees every shard as it goes by. */
export async function writeSplit(
  set: ImageSet,
  ids: Int32Array,
  classCount: number,
  keyOf: (number: number) => string,
  context: Pick<StageContext, 'store' | 'signal'>,
  each: (content: ShardContent) => void,
): Promise<SplitEntry> {
  const countsPerClass = Array.from({ length: classCount }, () => 0);
  function* counted(): Iterable<ShardContent> {
    for (const content of gather(set, ids)) {
      for (const label of content.labels) countsPerClass[label] = (countsPerClass[label] as number) + 1;
      each(content);
      yield content;
    }
  }
  const shards = await writeShards(counted(), [IMAGE_SIZE, IMAGE_SIZE, CHANNELS], keyOf, context);
  return { count: ids.length, countsPerClass, shards };
}
