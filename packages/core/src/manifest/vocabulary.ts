import type * as z from 'zod';
import type { ImageShape } from '../image-shape.ts';

/** Whether experiments of a section are points of a sweep, or trials of a search. */
interface SectionKinds {
  readonly swept: boolean;
  readonly searched: boolean;
}

/** Charts that a section of the report may name. */
export interface ChartVocabulary {
  readonly names: readonly string[];
  /** The charts of a section that names none. */
  defaults(section: SectionKinds): readonly string[];
}

/** What is known about a source of images before any is read. */
export interface SourceFacts {
  /** What a report calls it. */
  readonly title: string;
  /**
   * Its dataset settings, strict: `source` with its name as a literal, its own settings, and those of `splitSettings`.
   */
  readonly schema: z.ZodType;
  /**
   * Settings that say where images are on this machine. They are not part of ids, which depend on the content. The last
   * one given names the test images.
   */
  readonly paths: readonly string[];
  /** Settings that its test images depend on, except their number. */
  readonly testSettings: readonly string[];
  /** Whether it is read from one archive, which is downloaded unless `--archive` names it. */
  readonly hasArchive: boolean;
  /** What a reader of a report should keep in mind about accuracies on its test images. */
  readonly caveats: readonly string[];
}

/** The available sources by name. */
export type Sources = Readonly<Record<string, SourceFacts>>;

/** How a manifest may write a model, besides a map of settings. */
export interface ModelNotation {
  /**
   * The settings that a model's name or other shorthand stands for. What it does not understand, it returns as it is, for
   * the schema to refuse.
   */
  expand(written: unknown): unknown;
  /** Where in an expanded model the layers stand that a sweep may name: paths below the model, by layer name. */
  layerPaths(model: unknown): ReadonlyMap<string, readonly string[]>;
}

/** What a manifest may name and core does not implement. Each package supplies its part. */
export interface Vocabulary {
  /** The settings of each architecture by its `type`: strict objects whose `type` is that literal. */
  readonly models: Readonly<Record<string, z.ZodType>>;
  readonly notation: ModelNotation;
  readonly sources: Sources;
  readonly charts: ChartVocabulary;
}

/** The bytes a source stands for: computed before any preparation, so that it can be part of the dataset id. */
export interface SourceFingerprint {
  /** SHA-256 (hex) of the archive, of the generator's settings, or of the folder's list of (path, SHA-256). */
  readonly sha256: string;
  /** Upper bound of training images the source offers, before the validation split. */
  readonly trainImages: number;
  readonly testImages: number;
  readonly classes: readonly string[];
  /** The shape of its images, which all have the same. */
  readonly imageShape: ImageShape;
  /** The number of validation images where the manifest names none; absent if the source's schema has a default. */
  readonly validationByDefault?: number;
}
