import type { Finding, ImageShape, SourceFacts, SourceFingerprint, SplitSettings, StageContext } from '@bakeoff/core';
import type { z } from 'zod';
import type { Pixels } from './pixels.ts';

/** Where sources find and keep files. The CLI supplies it. */
export interface SourceOptions {
  /** Path of the archive to use instead of the one that the source downloads. */
  readonly archive?: string;
  /** The manifest's folder, that the paths in it start from; absent: the working directory. */
  readonly folder?: string;
  /** Folder that keeps downloaded archives. */
  readonly cacheFolder: string;
  /** HTTP client; absent: Node's fetch. */
  readonly fetch?: typeof fetch;
}

/** Images of one part of a source, in the source's order. The id of an image is its place here. */
export interface ImageSet {
  readonly images: Pixels;
  /** uint8 [n], indices into `classes`. */
  readonly labels: Uint8Array;
}

/** Everything a source offers: `training` is what the split divides, `test` is held out. */
export interface SourceImages {
  readonly classes: readonly string[];
  readonly imageShape: ImageShape;
  readonly training: ImageSet;
  readonly test: ImageSet;
  /** SHA-256 (hex) of the source as it was read. */
  readonly sha256: string;
  /** What the source found out about itself while it was read. */
  readonly findings?: readonly Finding[];
  /** Ends the use of files that hold the pixels. */
  close?(): Promise<void>;
}

/** A source's own settings. */
export type OwnSettings<Schema extends z.ZodType> = Omit<z.output<Schema>, 'source' | keyof SplitSettings>;

export type SourceContext = Pick<StageContext, 'log' | 'signal'>;

/** The part of a source that does the work. Its code is loaded when the source is used. */
export interface SourceReader<Settings> {
  /**
   * The fingerprint of the settings, before any preparation, and the numbers of images that a plan can rely on.
   * @throws UserError if a file or folder cannot be read or has the wrong layout.
   */
  fingerprint(settings: Settings, options: SourceOptions, context: SourceContext): Promise<SourceFingerprint>;
  /**
   * Reads all images.
   * @param sourceSha256 The fingerprint that the plan was made with.
   * @throws UserError if the source is missing or damaged.
   */
  read(settings: Settings, sourceSha256: string, options: SourceOptions, context: SourceContext): Promise<SourceImages>;
}

/** A source of images: what is known before it is used, and how it is read. */
export interface Source<Schema extends z.ZodType = z.ZodType> extends SourceFacts {
  readonly schema: Schema;
  readonly paths: readonly (keyof OwnSettings<Schema> & string)[];
  readonly testSettings: readonly (keyof OwnSettings<Schema> & string)[];
  /** SHA-256 (hex) of the archive as its authors publish it; absent if there is none. */
  readonly officialSha256?: string;
  load(): Promise<SourceReader<OwnSettings<Schema>>>;
}

/** Gives `load` the type of the schema's output. */
export function source<Schema extends z.ZodType>(definition: Source<Schema>): Source<Schema> {
  return definition;
}
