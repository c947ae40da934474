import { basename } from 'node:path';
import {
  keys,
  readJson,
  writeJson,
  type DatasetConfig,
  type DatasetIndex,
  type SplitEntry,
  type SplitName,
  type StageContext,
  datasetIndexSchema,
} from '@bakeoff/core';
import { ChannelSums } from './channel-statistics.ts';
import { readSource } from './sources/fingerprint-source.ts';
import { sourceOf } from './sources/registry.ts';
import type { ImageSet, SourceImages, SourceOptions } from './sources/source.ts';
import { splitImages } from './split-images.ts';
import { writeSplit } from './write-split.ts';

export interface PrepareDatasetInput {
  readonly config: DatasetConfig;
  readonly datasetId: string;
  /** The fingerprint that the plan was made with. */
  readonly sourceSha256: string;
}

/**
 * The location of a source is left out of the dataset's id and of its index, which must be the same wherever it is
 * made.
 */
function portable(config: DatasetConfig, paths: readonly string[]): DatasetConfig {
  const names = paths.flatMap((name) => {
    const path = config[name];
    return typeof path === 'string' ? [[name, basename(path)]] : [];
  });
  return { ...config, ...Object.fromEntries(names) };
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
      { set, ids, imageShape: sourceOf(config).imageShape, classCount },
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
 * Prepares a dataset: reads its source, splits it, writes view 0 of every split as shards, and last the index that
 * makes them valid. An existing index is returned unchanged.
 * @throws UserError if the source is missing, damaged, or not the planned one, or cannot fill the split. No index is
 * written then.
 */
export async function prepareDataset(
  input: PrepareDatasetInput,
  options: SourceOptions,
  context: StageContext,
): Promise<DatasetIndex> {
  const { config, datasetId, sourceSha256 } = input;
  const existing = await readJson(context.store, keys.datasetIndex(datasetId), datasetIndexSchema);
  if (existing !== undefined) {
    context.log({ type: 'reused', what: 'dataset', id: datasetId });
    return existing;
  }
  const { imageShape, paths } = sourceOf(config);
  const source = await readSource(config, sourceSha256, options, context);
  const sums = new ChannelSums();
  const splits = await writeSplits(source, input, sums, context);
  const { means, standardDeviations } = sums.statistics();
  const index: DatasetIndex = {
    formatVersion: 1,
    datasetId,
    config: portable(config, paths),
    sourceSha256,
    classes: source.classes,
    imageShape,
    splits,
    channelMeans: means,
    channelStandardDeviations: standardDeviations,
  };
  context.signal.throwIfAborted();
  await writeJson(context.store, keys.datasetIndex(datasetId), index, datasetIndexSchema);
  return index;
}
