import type { Interval, PairedCounts, Verdict } from '@bakeoff/statistics';
import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';

const count = z.int().min(0);

const intervalSchema: z.ZodType<Interval> = z.object({ low: z.number(), high: z.number(), level: z.number() });
const pairedCountsSchema: z.ZodType<PairedCounts> = z.object({
  both: count,
  onlyA: count,
  onlyB: count,
  neither: count,
});
const verdictSchema: z.ZodType<Verdict> = z.enum(['better', 'worse', 'suggestive', 'noEvidence']);

const basisSchema = z.object({
  /** Of the interval's Student t; they need not be whole. */
  degreesOfFreedom: z.number(),
  /** Estimated parts of the mean's variance: seeds + images − interaction. */
  seeds: z.number(),
  images: z.number(),
  interaction: z.number(),
});

/** Means over the seeds; absent from records from before they were computed. */
const meanScoresSchema = z.object({ accuracy: z.number(), balancedAccuracy: z.number(), macroF1: z.number() });

const recipeSummarySchema = z.object({
  experimentId: z.string(),
  recipeId: z.string(),
  seeds: z.array(count),
  accuracies: z.array(z.number()),
  mean: z.number(),
  /** Sample standard deviation; null for one seed. */
  standardDeviation: z.number().nullable(),
  /** Of the mean over the seeds and images that might have been; null for one seed. */
  interval: intervalSchema.nullable(),
  /** What the interval rests on; null for one seed, and in records of format version 1 and 2. */
  basis: basisSchema.nullable(),
  /** On the test images and on the validation images. */
  scores: z.object({ test: meanScoresSchema, validation: meanScoresSchema }).optional(),
});

/** Mean and spread of a recipe over its seeds. */
export type RecipeSummary = Immutable<z.output<typeof recipeSummarySchema>>;

const testedPair = {
  /** accuracy(a) − accuracy(b). */
  difference: z.number(),
  interval: intervalSchema,
  pValue: z.number(),
  /** Holm-adjusted within the section and kind, or over all comparisons with the chosen experiment. */
  adjustedPValue: z.number(),
  verdict: verdictSchema,
};

const checkpointSchema = z.object({ experimentId: z.string(), runId: z.string() });

/** Its p value is by the exact McNemar test (two-sided binomial on the discordant pairs). */
const checkpointComparisonSchema = z.object({
  kind: z.literal('checkpoints'),
  a: checkpointSchema,
  b: checkpointSchema,
  images: count,
  counts: pairedCountsSchema,
  ...testedPair,
});

/** Two trained models on the same test images: this says nothing about their recipes. */
export type CheckpointComparison = Immutable<z.output<typeof checkpointComparisonSchema>>;

const comparedRecipeSchema = z.object({ experimentId: z.string(), recipeId: z.string() });

const recipeComparisonSchema = z.object({
  kind: z.literal('recipes'),
  a: comparedRecipeSchema,
  b: comparedRecipeSchema,
  statistic: z.number(),
  degreesOfFreedom: z.number(),
  ...testedPair,
});

/**
 * Two recipes, each over at least three seeds, on the same images: whether they differ over the seeds and images that
 * might have been. In format versions 1 and 2 it is Welch's test, over seeds alone.
 */
export type RecipeComparison = Immutable<z.output<typeof recipeComparisonSchema>>;

const sectionComparisonSchema = z.object({
  title: z.string(),
  /** 'all': every pair; 'baseline': each against the section's baseline. */
  scheme: z.enum(['all', 'baseline']),
  baseline: z.string().nullable(),
  recipes: z.array(recipeSummarySchema),
  checkpoints: z.array(checkpointComparisonSchema),
  recipePairs: z.array(recipeComparisonSchema),
});

export type SectionComparison = Immutable<z.output<typeof sectionComparisonSchema>>;

const standingSchema = z.object({
  /** Of the recipe's experiments, the one that stands for it. */
  experimentId: z.string(),
  /** Whether it is above the accuracy of guessing; p-values are Holm-adjusted over the data set's recipes. */
  guessing: z.object({ pValue: z.number(), adjustedPValue: z.number(), aboveChance: z.boolean() }),
  /** It against the chosen experiment, Holm-adjusted over these; null for the chosen one itself. */
  againstChosen: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('recipes'), ...testedPair }),
      z.object({ kind: z.literal('checkpoints'), ...testedPair }),
    ])
    .nullable(),
});

const datasetComparisonSchema = z.object({
  datasetId: z.string(),
  /** Share of the test images in the largest class: the accuracy of always guessing it. */
  chance: z.number(),
  /** The experiment with the highest mean validation accuracy. */
  chosen: z.string(),
  standings: z.array(standingSchema),
});

/** The evaluated recipes of one data set, in whatever section, each against the one that validation chooses. */
export type DatasetComparison = Immutable<z.output<typeof datasetComparisonSchema>>;

const searchComparisonSchema = z.object({
  /** The id of the manifest's experiment, or of the point of its sweep. */
  search: z.string(),
  /** The experiment of the trial with the highest mean validation accuracy; null if none is evaluated. */
  chosen: z.string().nullable(),
  trials: z.array(
    z.object({
      experimentId: z.string(),
      /** From 1. */
      trial: z.int().min(1),
      /** Those that are evaluated. */
      seeds: z.array(count),
      /** Mean validation accuracy over them; null without any. */
      validation: z.number().nullable(),
    }),
  ),
});

/**
 * A search: which trial validation chooses. Only that one is among the recipes of sections and data sets, so no test runs
 * among trials, and no figure of the test images is given for the others.
 */
export type SearchComparison = Immutable<z.output<typeof searchComparisonSchema>>;

const comparisonRecordSchema = z.object({
  formatVersion: z.literal(3),
  comparisonId: z.string(),
  planId: z.string(),
  /** The evaluations that it is based on, by run id; null: the run is missing, failed or diverged. */
  evaluations: z.record(z.string(), z.string().nullable()),
  significanceLevel: z.number(),
  sections: z.array(sectionComparisonSchema),
  datasets: z.array(datasetComparisonSchema),
  /** Absent without searches. */
  searches: z.array(searchComparisonSchema).optional(),
  /** What was found in comparing; the plan's own warnings are in the plan. */
  warnings: z.array(z.string()),
});

/** `comparisons/<comparisonId>/comparison.json`; see `readComparison` for older versions. */
export type ComparisonRecord = Immutable<z.output<typeof comparisonRecordSchema>>;

/**
 * As stores hold it. Versions 1 and 2 lack `datasets` and the basis of recipes' intervals, and repeat the plan's
 * warnings; each verdict of version 1 also has a member `text`, which is not read.
 */
export const storedComparisonSchema = comparisonRecordSchema.extend({
  formatVersion: z.literal([1, 2, 3]),
  datasets: z.array(datasetComparisonSchema).optional(),
  sections: z.array(
    sectionComparisonSchema.extend({
      recipes: z.array(recipeSummarySchema.extend({ basis: basisSchema.nullable().optional() })),
    }),
  ),
});
