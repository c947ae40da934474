/** What a dataset is made from; `source` discriminates. Counts are images. */
export type DatasetSource =
  | { readonly source: 'cifar10' }
  | {
      readonly source: 'synthetic';
      /** images generated for training + validation */ readonly images: number;
      readonly testImages: number;
      readonly sourceSeed: number;
    }
  | {
      readonly source: 'image-folder';
      /** folder of class-named folders of PNG/JPEG */ readonly path: string;
      /** same layout; absent: a stratified part of `path` becomes the test split */ readonly testPath?: string;
      readonly testImages?: number;
    };

/** A manifest's dataset settings with every default filled in. */
export type DatasetConfig = DatasetSource & {
  /** Images held back from training for validation. */
  readonly validation: number;
  /** Training images used: a stratified subset of what the split leaves; null means all. */
  readonly train: number | null;
  readonly stratified: boolean;
  /** Split seed: the split depends on the source and this alone. */
  readonly seed: number;
};

/** The bytes a source stands for: computed before any preparation, so that it can be part of the dataset id. */
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

/** `datasets/<datasetId>/index.json`: written last; readers trust only what it names. */
export interface DatasetIndex {
  readonly formatVersion: 1;
  readonly datasetId: string;
  readonly config: DatasetConfig;
  readonly sourceSha256: string;
  readonly classes: readonly string[];
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  readonly splits: Readonly<Record<SplitName, SplitEntry>>;
  /** Of the training split's view 0, pixels in 0…1. */
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
