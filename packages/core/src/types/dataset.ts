import type { ImageShape } from '../image-shape.ts';
import type { DatasetConfig } from '../manifest/dataset-schema.ts';

/** The content of a source, computed before any preparation so that it can be part of the dataset id. */
export interface SourceFingerprint {
  /** SHA-256 (hex) of the archive, of the generator's settings, or of the folder's list of (path, SHA-256). */
  readonly sha256: string;
  /** Upper bound of training images the source offers, before the validation split. */
  readonly trainImages: number;
  readonly testImages: number;
  readonly classes: readonly string[];
}

export type SplitName = 'train' | 'validation' | 'test';

export interface ShardEntry {
  readonly key: string;
  readonly count: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface SplitEntry {
  readonly count: number;
  /** Images by class, in the order of `classes`. */
  readonly countsPerClass: readonly number[];
  readonly shards: readonly ShardEntry[];
}

/** `datasets/<datasetId>/index.json`: written last. Readers trust only what it names. */
export interface DatasetIndex {
  readonly formatVersion: 1;
  readonly datasetId: string;
  readonly config: DatasetConfig;
  readonly sourceSha256: string;
  readonly classes: readonly string[];
  readonly imageShape: ImageShape;
  readonly splits: Readonly<Record<SplitName, SplitEntry>>;
  /** Statistics of the training split's view 0, with pixels in 0…1. */
  readonly channelMeans: readonly number[];
  readonly channelStandardDeviations: readonly number[];
}

/** `datasets/<datasetId>/views/<augmentationId>/<view>/index.json` */
export interface ViewIndex {
  readonly formatVersion: 1;
  readonly datasetId: string;
  readonly augmentationId: string;
  readonly view: number;
  readonly shards: readonly ShardEntry[];
}
