import * as z from 'zod';
import { datasetConfigSchema } from '../manifest/dataset-schema.ts';
import { addedLater } from '../schema/neutral-settings.ts';
import { whole } from '../schema/whole.ts';
import type { Immutable } from '../types/immutable.ts';
import { findingSchema } from './finding-records.ts';

const count = z.int().min(0);

const shardEntrySchema = z.object({ key: z.string(), count, bytes: count, sha256: z.string() });

export type ShardEntry = Immutable<z.output<typeof shardEntrySchema>>;

const splitEntrySchema = z.object({
  count,
  /** Images by class, in the order of `classes`. */
  countsPerClass: z.array(count),
  shards: z.array(shardEntrySchema),
});

export type SplitEntry = Immutable<z.output<typeof splitEntrySchema>>;

export const datasetIndexSchema = z.object({
  formatVersion: z.literal(1),
  datasetId: z.string(),
  config: whole(datasetConfigSchema),
  sourceSha256: z.string(),
  classes: z.array(z.string()),
  /** Height, width, channels. */
  imageShape: z.tuple([count, count, count]),
  splits: z.object({ train: splitEntrySchema, validation: splitEntrySchema, test: splitEntrySchema }),
  /** Statistics of the training split's view 0, with pixels in 0…1. */
  channelMeans: z.array(z.number()),
  channelStandardDeviations: z.array(z.number()),
  /** What a reader should know about the images; none in records from before data were examined. */
  findings: addedLater(z.array(findingSchema), []),
  /**
   * A shard with a few training images of each class, class by class, reduced to `imageShape`, for people to look at;
   * null in records from before there were any.
   */
  samples: addedLater(
    z.object({ shard: shardEntrySchema, imageShape: z.tuple([count, count, count]) }).nullable(),
    null,
  ),
  /** Ids of the images that `onDuplicates: drop` left out, ascending; null if it did not apply. */
  dropped: addedLater(z.object({ train: z.array(count), validation: z.array(count) }).nullable(), null),
});

/** `datasets/<datasetId>/index.json`: written last. Readers trust only what it names. */
export type DatasetIndex = Immutable<z.output<typeof datasetIndexSchema>>;

export type SplitName = keyof DatasetIndex['splits'];

export const viewIndexSchema = z.object({
  formatVersion: z.literal(1),
  datasetId: z.string(),
  augmentationId: z.string(),
  view: z.int().min(1),
  shards: z.array(shardEntrySchema),
});

/** `datasets/<datasetId>/views/<augmentationId>/<view>/index.json` */
export type ViewIndex = Immutable<z.output<typeof viewIndexSchema>>;
