import * as z from 'zod';
import { datasetConfigSchema } from '../manifest/dataset-schema.ts';
import { evaluationSchema } from '../manifest/evaluation-schema.ts';
import { recipeSchema } from '../manifest/recipe-schema.ts';
import { addedLater } from '../schema/neutral-settings.ts';
import { whole } from '../schema/whole.ts';
import type { Immutable } from '../types/immutable.ts';

const count = z.int().min(0);

const plannedDatasetSchema = z.object({
  datasetId: z.string(),
  config: whole(datasetConfigSchema),
  sourceSha256: z.string(),
  classes: z.array(z.string()),
  /** Height, width, channels. Plans from before images had other shapes leave it out. */
  imageShape: addedLater(z.tuple([count, count, count]), [32, 32, 3]),
  images: z.object({ train: count, validation: count, test: count }),
  /**
   * Augmentations needed by runs on this dataset, with the number of views and the bytes of their pixels, whether or not
   * they are stored (`plannedAugmentations`).
   */
  augmentations: z.array(z.object({ augmentationId: z.string(), views: count, bytes: count })),
});

export type PlannedDataset = Immutable<z.output<typeof plannedDatasetSchema>>;

const plannedRunSchema = z.object({
  runId: z.string(),
  recipeId: z.string(),
  datasetId: z.string(),
  /** Ids of the experiments it serves, in manifest order. */
  experiments: z.array(z.string()),
  seed: count,
  recipe: whole(recipeSchema),
  /** The evaluations that the plan asks for; absent: a plain one. */
  evaluations: z.array(evaluationSchema).min(1).optional(),
  /** Null without augmentation. */
  augmentationId: z.string().nullable(),
  parameters: count,
  /** Multiply-accumulates of one image's forward pass (convolutions and dense layers). */
  macs: count,
});

/** One training that the plan needs. Several experiments may share it. */
export type PlannedRun = Immutable<z.output<typeof plannedRunSchema>>;

const settingValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const trialSchema = z.object({
  /** The search that the trial belongs to: the id of the manifest's experiment, or of the point of its sweep. */
  search: z.string(),
  /** From 1. */
  number: z.int().min(1),
  /** The searched settings' values, by dotted path; lists and maps as their JSON text. */
  values: z.record(z.string(), settingValueSchema),
});

/** One point of a search; validation chooses one trial of each search, and only its test result is reported. */
export type Trial = Immutable<z.output<typeof trialSchema>>;

const plannedExperimentSchema = z.object({
  /**
   * Slug; a sweep's points are `<experiment>-<value>` if one setting is swept,
   * `<experiment>-<setting>-<value>-<setting>-<value>…` if several are. Trials of a search add `-trial-<number>`.
   */
  id: z.string(),
  title: z.string(),
  /** The manifest's experiment that this point belongs to (its own id if there is no sweep). */
  group: z.string(),
  /** The swept settings' values of this point, by dotted path; lists and maps as their JSON text. */
  sweepValues: z.record(z.string(), settingValueSchema),
  /** Absent if the experiment is no trial of a search. */
  trial: trialSchema.optional(),
  recipeId: z.string(),
  datasetId: z.string(),
  /** Its test-time augmentation; absent: none. */
  evaluation: evaluationSchema.optional(),
  runIds: z.array(z.string()),
});

/** One point of an experiment (after sweeps): a recipe over its seeds. */
export type PlannedExperiment = Immutable<z.output<typeof plannedExperimentSchema>>;

const reportSectionSchema = z.object({
  title: z.string(),
  /** Markdown. */
  text: z.string(),
  /** Ids of PlannedExperiments, patterns resolved. */
  experiments: z.array(z.string()),
  charts: z.array(z.string()),
  /** Id of the PlannedExperiment that the others are compared with if there are too many pairs; null: the first. */
  baseline: z.string().nullable(),
});

export type ReportSection = Immutable<z.output<typeof reportSectionSchema>>;

export const planSchema = z.object({
  formatVersion: z.literal(1),
  planId: z.string(),
  /** The manifest's name. */
  name: z.string(),
  /** The manifest as written, for "how to reproduce". */
  manifest: z.object({
    fileName: z.string(),
    text: z.string(),
    /** The manifests of a plan that was made of several, whose texts `text` holds one after another. */
    parts: z.array(z.object({ fileName: z.string(), text: z.string() })).optional(),
  }),
  datasets: z.array(plannedDatasetSchema),
  experiments: z.array(plannedExperimentSchema),
  runs: z.array(plannedRunSchema),
  report: z.object({ title: z.string(), text: z.string(), sections: z.array(reportSectionSchema) }),
  /** Warnings about the manifest that a reader should see (e.g. too few seeds to compare recipes). */
  warnings: z.array(z.string()),
});

/** `plans/<planId>/plan.json`. */
export type Plan = Immutable<z.output<typeof planSchema>>;
