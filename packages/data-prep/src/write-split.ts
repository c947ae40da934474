import { imageBytes, type ImageShape, type ShardContent, type SplitEntry, type StageContext } from '@bakeoff/core';
import type { ImageSet } from './sources/source.ts';
import { shardImages, writeShards } from './write-shards.ts';

/** The images of a source that make up a split. */
interface Chosen {
  readonly set: ImageSet;
  /** Their places in the set, in the split's order. */
  readonly ids: Int32Array;
  readonly imageShape: ImageShape;
  readonly classCount: number;
}

/** The chosen images as shards, which share one buffer of pixels. */
function* gather({ set, ids, imageShape }: Chosen): Iterable<ShardContent> {
  const bytes = imageBytes(imageShape);
  const most = shardImages(bytes);
  const buffer = new Uint8Array(Math.min(ids.length, most) * bytes);
  for (let from = 0; from < ids.length; from += most) {
    const part = ids.slice(from, from + most);
    const labels = new Uint8Array(part.length);
    for (let i = 0; i < part.length; i++) {
      const id = part[i]!;
      buffer.set(set.images.image(id), i * bytes);
      labels[i] = set.labels[id]!;
    }
    yield { images: buffer.subarray(0, part.length * bytes), labels, ids: part };
  }
}

/** Writes a split as shards (see `shardImages`). `each` is called with every shard. */
export async function writeSplit(
  chosen: Chosen,
  keyOf: (number: number) => string,
  context: Pick<StageContext, 'store' | 'signal'>,
  each: (content: ShardContent) => void,
): Promise<SplitEntry> {
  const { ids, imageShape, classCount } = chosen;
  const countsPerClass = Array.from({ length: classCount }, () => 0);
  function* counted(): Iterable<ShardContent> {
    for (const content of gather(chosen)) {
      for (const label of content.labels) countsPerClass[label] = countsPerClass[label]! + 1;
      each(content);
      yield content;
    }
  }
  const shards = await writeShards(counted(), imageShape, keyOf, context);
  return { count: ids.length, countsPerClass, shards };
}
