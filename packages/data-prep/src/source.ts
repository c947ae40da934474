import type { DatasetConfig } from '@bakeoff/core';

/** Where sources find and keep files; handed in by the CLI. */
export interface SourceOptions {
  /** Path of a CIFAR-10 binary archive to use in place of the official one. */
  readonly archive?: string;
  /** Folder that keeps downloaded archives. */
  readonly cacheFolder: string;
  /** HTTP client; absent: Node's own. */
  readonly fetch?: typeof fetch;
}

/** Images of one part of a source in the source's order: the id of an image is its place here. */
export interface ImageSet {
  /** uint8 [n, 32, 32, 3], rows of RGB pixels. */
  readonly images: Uint8Array;
  /** uint8 [n], places in `classes`. */
  readonly labels: Uint8Array;
}

/** Everything a source offers: `training` is what the split divides, `test` is held out. */
export interface SourceImages {
  readonly classes: readonly string[];
  readonly training: ImageSet;
  readonly test: ImageSet;
  /** SHA-256 (hex) of the source as it was read. */
  readonly sha256: string;
}

export type ConfigOf<Name extends DatasetConfig['source']> = Extract<DatasetConfig, { source: Name }>;

export const IMAGE_SIZE = 32;
export const CHANNELS = 3;
export const IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE;
export const IMAGE_BYTES = IMAGE_PIXELS * CHANNELS;
