import type * as z from 'zod';
import type { ImageShape } from '../image-shape.ts';

/** Charts that a section of the report may name. */
export interface ChartVocabulary {
  readonly names: readonly string[];
  /** The charts of a section that names none; `swept` is true if one of its experiments is a point of a sweep. */
  defaults(swept: boolean): readonly string[];
}

/** What is known about a source of images before any is read. */
export interface SourceFacts {
  /** What a report calls it. */
  readonly title: string;
  /**
   * Its dataset settings, strict: `source` with its name as a literal, its own settings, and those of `splitSettings`.
   */
  readonly schema: z.ZodType;
  /** The shape of its images, which all have the same. */
  readonly imageShape: ImageShape;
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

/** What a manifest may name and core does not implement. Each package supplies its part. */
export interface Vocabulary {
  /** The settings of each architecture by its `type`: strict objects whose `type` is that literal. */
  readonly models: Readonly<Record<string, z.ZodType>>;
  readonly sources: Sources;
  readonly charts: ChartVocabulary;
}
