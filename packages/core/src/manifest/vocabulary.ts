import type * as z from 'zod';

/** Charts that a section of the report may name. */
export interface ChartVocabulary {
  readonly names: readonly string[];
  /** The charts of a section that names none; `swept` where one of its experiments is a point of a sweep. */
  defaults(swept: boolean): readonly string[];
}

/** What a manifest may name and core does not implement: each package hands in what it has. */
export interface Vocabulary {
  /** The settings of each architecture by its `type`: strict objects whose `type` is that literal. */
  readonly models: Readonly<Record<string, z.ZodType>>;
  /** The settings of each source of images by its `source`: strict objects whose `source` is that literal. */
  readonly sources: Readonly<Record<string, z.ZodType>>;
  readonly charts: ChartVocabulary;
}
