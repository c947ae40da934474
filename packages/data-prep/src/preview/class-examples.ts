import { type DatasetIndex, imageBytes, readShard, type StageContext } from '@bakeoff/core';

/** The first training images of a class. */
export interface ClassExamples {
  readonly label: number;
  readonly images: readonly { readonly id: number; readonly pixels: Uint8Array }[];
}

/**
 * The first `count` training images of each class that has any, in the order of the classes. Shards are read one after
 * the other until every class has enough, and one is in memory at a time.
 * @throws UserError if a training shard is missing or damaged.
 */
export async function classExamples(
  index: DatasetIndex,
  count: number,
  { store }: Pick<StageContext, 'store'>,
): Promise<ClassExamples[]> {
  const { shards, countsPerClass } = index.splits.train;
  const found = countsPerClass.map((): ClassExamples['images'][number][] => []);
  const isFull = (): boolean =>
    found.every((images, label) => images.length === Math.min(count, countsPerClass[label]!));
  const bytes = imageBytes(index.imageShape);
  for (const shard of shards) {
    if (isFull()) break;
    const { images, labels, ids } = await readShard(store, shard, index);
    labels.forEach((label, i) => {
      const known = found[label]!;
      if (known.length < count) known.push({ id: ids[i]!, pixels: images.slice(i * bytes, (i + 1) * bytes) });
    });
  }
  return found.flatMap((images, label) => (images.length === 0 ? [] : [{ label, images }]));
}
