import { basename } from 'node:path';
import {
  keys,
  readJson,
  UserError,
  writeJson,
  type DatasetConfig,
  type DatasetIndex,
  type SplitEntry,
  type SplitName,
  type StageContext,
} from '@bakeoff/core';
import { ChannelSums } from './channel-statistics.ts';
import { readCifar10 } from './cifar10/cifar10-source.ts';
import { readImageFolder } from './image-folder/image-folder-source.ts';
import { CHANNELS, IMAGE_SIZE, type ImageSet, type SourceImages, type SourceOptions } from './source.ts';
import { splitImages } from './split-images.ts';
import { readSynthetic } from './synthetic/synthetic-source.ts';
import { writeSplit } from './write-split.ts';

export interface PrepareDatasetInput {
  readonly config: DatasetConfig;
  readonly datasetId: string;
  /** The fingerprint the plan was made with. */
  readonly sourceSha256: string;
}

async function readSource(
  config: DatasetConfig,
  sourceSha256: string,
  options: SourceOptions,
  context: StageContext,
): Promise<SourceImages> {
  switch (config.source) {
    case 'cifar10':
      return readCifar10(sourceSha256, options, context);
    case 'synthetic':
      return readSynthetic(config, context);
    default:
      return readImageFolder(config, context);
  }
}

/** Where a folder lies is left out of the dataset's id, and so of its index, which must be the same wherever it is made. */
function portable(config: DatasetConfig): DatasetConfig {
  if (config.source !== 'image-folder') return config;
  return {
    ...config,
    path: basename(config.path),
    ...(config.testPath === undefined ? {} : { testPath: basename(config.testPath) }),
  };
}

function refuseChanged(sourceSha256: string, source: SourceImages): void {
  if (source.sha256 === sourceSha256) return;
  throw new UserError({
    what: 'the source of the dataset has changed since the plan was made',
    received: `SHA-256 ${source.sha256}`,
    allowed: `SHA-256 ${sourceSha256}`,
    fix: 'plan again, or restore the files',
  });
}

async function writeSplits(
  source: SourceImages,
  { config, datasetId }: PrepareDatasetInput,
  sums: ChannelSums,
  context: StageContext,
): Promise<Record<SplitName, SplitEntry>> {
  const classCount = source.classes.length;
  const { train, validation } = splitImages(source.training.labels, classCount, config);
  const test = Int32Array.from(source.test.labels, (_, id) => id);
  const total = train.length + validation.length + test.length;
  let done = 0;
  const write = (split: SplitName, set: ImageSet, ids: Int32Array) =>
    writeSplit(
      set,
      ids,
      classCount,
      (number) => keys.shard(datasetId, split, number),
      context,
      ({ images, labels }) => {
        if (split === 'train') sums.add(images);
        done += labels.length;
        context.log({ type: 'progress', label: 'writing shards', done, total, unit: 'images' });
      },
    );
  return {
    train: await write('train', source.training, train),
    validation: await write('validation', source.training, validation),
    test: await write('test', source.test, test),
  };
}

/**
 * Prepares a dataset: reads its source, splits it, writes view 0 of every split as shards, and last the index that makes them count.
 * An index that is there already is returned as it is.
 * @throws UserError on a source that is missing, damaged, or not the planned one, and on a split it cannot fill; no index is written then.
 */
export async function prepareDataset(
  input: PrepareDatasetInput,
  options: SourceOptions,
  context: StageContext,
): Promise<DatasetIndex> {
  const { config, datasetId, sourceSha256 } = input;
  const existing = await readJson<DatasetIndex>(context.store, keys.datasetIndex(datasetId));
  if (existing !== undefined) {
    context.log({ type: 'reused', what: 'dataset', id: datasetId });
    return existing;
  }
  const source = await readSource(config, sourceSha256, options, context);
  refuseChanged(sourceSha256, source);
  const sums = new ChannelSums();
  const splits = await writeSplits(source, input, sums, context);
  const { means, standardDeviations } = sums.statistics();
  const index: DatasetIndex = {
    formatVersion: 1,
    datasetId,
    config: portable(config),
    sourceSha256,
    classes: source.classes,
    imageShape: [IMAGE_SIZE, IMAGE_SIZE, CHANNELS],
    splits,
    channelMeans: means,
    channelStandardDeviations: standardDeviations,
  };
  context.signal.throwIfAborted();
  await writeJson(context.store, keys.datasetIndex(datasetId), index);
  return index;
}
