import { basename } from 'node:path';
import {
  describeFinding,
  type Finding,
  keys,
  readJson,
  writeJson,
  writeShard,
  type DatasetConfig,
  type DatasetIndex,
  type SplitEntry,
  type SplitName,
  type StageContext,
  datasetIndexSchema,
} from '@bakeoff/core';
import { ChannelSums } from './channel-statistics.ts';
import { chooseSamples } from './choose-samples.ts';
import { examineImages } from './findings/examine-images.ts';
import type { ExaminedSplit } from './findings/examined-split.ts';
import { imageKeys } from './findings/image-keys.ts';
import { readSource } from './sources/fingerprint-source.ts';
import { sourceOf } from './sources/registry.ts';
import type { SourceImages, SourceOptions } from './sources/source.ts';
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

/** The splits that the settings ask for, before any image is dropped. */
function divide({ training, test, classes }: SourceImages, config: DatasetConfig): ExaminedSplit[] {
  const { onDuplicates: _onDuplicates, ...settings } = config;
  const { train, validation } = splitImages(training.labels, classes.length, settings);
  const rest = { ...training, keys: imageKeys(training.images) };
  return [
    { name: 'train', set: rest, ids: train },
    { name: 'validation', set: rest, ids: validation },
    {
      name: 'test',
      set: { ...test, keys: imageKeys(test.images) },
      ids: Int32Array.from(test.labels, (_, id) => id),
    },
  ];
}

/** What the source itself says of its images, and whether its archive is the official one. */
function sourceFindings(source: SourceImages, { config, sourceSha256 }: PrepareDatasetInput): Finding[] {
  const { officialSha256: official } = sourceOf(config);
  const isOfficial = official === undefined || official === sourceSha256;
  return [
    ...(source.findings ?? []),
    ...(isOfficial ? [] : [{ kind: 'unofficialArchive' as const, sha256: sourceSha256, official }]),
  ];
}

/** Says every finding, each time that the dataset is asked for: they matter before every training. */
function tell(findings: readonly Finding[], { log }: Pick<StageContext, 'log'>): void {
  for (const finding of findings) log({ type: 'warning', text: describeFinding(finding) });
}

async function writeSplits(
  splits: readonly ExaminedSplit[],
  { imageShape, classes }: Pick<SourceImages, 'imageShape' | 'classes'>,
  datasetId: string,
  context: StageContext,
): Promise<Pick<DatasetIndex, 'splits' | 'channelMeans' | 'channelStandardDeviations'>> {
  const sums = new ChannelSums(imageShape[2]);
  const total = splits.reduce((sum, { ids }) => sum + ids.length, 0);
  let done = 0;
  const entries: [SplitName, SplitEntry][] = [];
  for (const { name, set, ids } of splits) {
    const entry = await writeSplit(
      { set, ids, imageShape, classCount: classes.length },
      (number) => keys.shard(datasetId, name, number),
      context,
      ({ images, labels }) => {
        if (name === 'train') sums.add(images);
        done += labels.length;
        context.log({ type: 'progress', label: 'writing shards', done, total, unit: 'images' });
      },
    );
    entries.push([name, entry]);
  }
  const { means, standardDeviations } = sums.statistics();
  return {
    splits: Object.fromEntries(entries) as DatasetIndex['splits'],
    channelMeans: means,
    channelStandardDeviations: standardDeviations,
  };
}

/**
 * Prepares a dataset: reads its source, splits it, writes view 0 of every split as shards, and last the index that
 * makes them valid. Before anything is written, the images are examined, and the findings are said and recorded. An
 * existing index is returned unchanged, after its findings are said. The pixels are read twice, image by image: at most
 * 192 MiB of a set are in memory, and of a larger one two shards.
 * @throws UserError if the source is missing, damaged, or not the planned one, cannot fill the split, or has duplicates
 * that the settings refuse. No index is written then.
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
    tell(existing.findings, context);
    return existing;
  }
  const source = await readSource(config, sourceSha256, options, context);
  try {
    return await writeDataset(source, input, context);
  } finally {
    await source.close?.();
  }
}

async function writeDataset(
  source: SourceImages,
  input: PrepareDatasetInput,
  context: StageContext,
): Promise<DatasetIndex> {
  const { config, datasetId, sourceSha256 } = input;
  const { classes, imageShape } = source;
  const { onDuplicates } = config;
  const { splits, findings, dropped } = examineImages(divide(source, config), { classes, imageShape, onDuplicates });
  const all = [...sourceFindings(source, input), ...findings];
  tell(all, context);
  const samples = chooseSamples(splits[0]!, classes.length, imageShape);
  const index: DatasetIndex = {
    formatVersion: 1,
    datasetId,
    config: portable(config, sourceOf(config).paths),
    sourceSha256,
    classes,
    imageShape,
    ...(await writeSplits(splits, source, datasetId, context)),
    findings: all,
    samples: {
      shard: await writeShard(context.store, keys.samples(datasetId), samples.content, samples.imageShape),
      imageShape: samples.imageShape,
    },
    dropped,
  };
  context.signal.throwIfAborted();
  await writeJson(context.store, keys.datasetIndex(datasetId), index, datasetIndexSchema);
  return index;
}
