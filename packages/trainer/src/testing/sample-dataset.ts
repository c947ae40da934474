import {
  type DatasetConfig,
  type DatasetIndex,
  datasetId,
  keys,
  Random,
  type ShardContent,
  type ShardEntry,
  sha256,
  type SplitName,
  type Store,
  type ViewIndex,
  writeJson,
  writeShard,
} from '@bakeoff/core';

export interface SampleOptions {
  readonly train: number;
  readonly validation: number;
  readonly size?: number;
  /** How far apart the classes' colors are, relative to noise of ±1; 0: nothing can be learned. */
  readonly contrast?: number;
  readonly augmentationId?: string;
  readonly views?: number;
  /** The class of an image of any split by its number; default: each class in turn. */
  readonly labelOf?: (image: number) => number;
}

const CLASSES = ['red', 'green', 'blue', 'gray'];
const SHARD_IMAGES = 50;

/**
 * Writes noisy images whose tint is their class, in the form that data-prep writes: shards of every split, views,
 * index.
 */
export async function writeSampleDataset(store: Store, options: SampleOptions): Promise<DatasetIndex> {
  const { train, validation, size = 8, contrast = 1, labelOf = inTurn } = options;
  const config: DatasetConfig = {
    source: 'synthetic',
    images: train + validation,
    testImages: 4,
    sourceSeed: 1,
    validation,
    train: null,
    stratified: true,
    seed: 1,
    onDuplicates: 'warn',
  };
  const sourceSha256 = sha256(JSON.stringify(options));
  const id = datasetId(config, sourceSha256, []);
  const draw = (split: string, count: number): ShardContent =>
    drawImages(new Random(5).split(split), count, size, contrast, labelOf);
  const write = (split: SplitName, count: number) =>
    writeShards(store, draw(split, count), size, (shard) => keys.shard(id, split, shard));
  const entry = async (split: SplitName, count: number) => ({
    count,
    countsPerClass: CLASSES.map(
      (_, label) => Array.from({ length: count }, (_image, i) => labelOf(i)).filter((each) => each === label).length,
    ),
    shards: await write(split, count),
  });
  const index: DatasetIndex = {
    formatVersion: 1,
    datasetId: id,
    config,
    sourceSha256,
    classes: CLASSES,
    imageShape: [size, size, 3],
    splits: {
      train: await entry('train', train),
      validation: await entry('validation', validation),
      test: await entry('test', 4),
    },
    channelMeans: [0.5, 0.5, 0.5],
    channelStandardDeviations: [0.2, 0.2, 0.2],
    findings: [],
    samples: null,
    dropped: null,
  };
  await writeJson(store, keys.datasetIndex(id), index);
  const { augmentationId = '', views = 0 } = options;
  for (let view = 1; view <= views; view++) {
    const shards = await writeShards(store, draw(`view ${view}`, train), size, (shard) =>
      keys.viewShard(id, augmentationId, view, shard),
    );
    const viewIndex: ViewIndex = { formatVersion: 1, datasetId: id, augmentationId, view, shards };
    await writeJson(store, keys.viewIndex(id, augmentationId, view), viewIndex);
  }
  return index;
}

const inTurn = (image: number): number => image % CLASSES.length;

function drawImages(
  random: Random,
  count: number,
  size: number,
  contrast: number,
  labelOf: (image: number) => number,
): ShardContent {
  const labels = Uint8Array.from({ length: count }, (_, i) => labelOf(i));
  const images = Uint8Array.from({ length: count * size * size * 3 }, (_, at) => {
    const tinted = labels[Math.floor(at / (size * size * 3))] === at % 3;
    return 128 + 40 * (random.uniform() * 2 - 1 + (tinted ? contrast : 0));
  });
  return { images, labels, ids: Int32Array.from(labels, (_, i) => i) };
}

async function writeShards(
  store: Store,
  { images, ids, labels }: ShardContent,
  size: number,
  keyOf: (shard: number) => string,
): Promise<ShardEntry[]> {
  const bytes = size * size * 3;
  const entries: ShardEntry[] = [];
  for (let from = 0; from < ids.length; from += SHARD_IMAGES) {
    const to = from + SHARD_IMAGES;
    const part = {
      images: images.slice(from * bytes, to * bytes),
      ids: ids.slice(from, to),
      labels: labels.slice(from, to),
    };
    entries.push(await writeShard(store, keyOf(entries.length), part, [size, size, 3]));
  }
  return entries;
}
