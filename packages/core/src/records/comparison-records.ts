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
const verdictSchema: z.ZodType<Verdict> = z.enum(['better', 'worse', 'noEvidence']);

const recipeSummarySchema = z.object({
  experimentId: z.string(),
  recipeId: z.string(),
  seeds: z.array(count),
  accuracies: z.array(z.number()),
  mean: z.number(),
  /** Sample standard deviation; null for one seed. */
  standardDeviation: z.number().nullable(),
  /** Student-t interval of the mean; null for one seed. */
  interval: intervalSchema.nullable(),
});

/** Mean and spread of a recipe over its seeds. */
export type RecipeSummary = Immutable<z.output<typeof recipeSummarySchema>>;

const testedPair = {
  /** accuracy(a) − accuracy(b). */
  difference: z.number(),
  interval: intervalSchema,
  pValue: z.number(),
  /** Holm-adjusted within the section and kind. */
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

/** Two recipes, each over at least three seeds: Welch's test on their accuracies. */
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

const comparisonRecordSchema = z.object({
  formatVersion: z.literal(2),
  comparisonId: z.string(),
  planId: z.string(),
  /** The evaluations that it is based on, by run id; null: the run is missing, failed or diverged. */
  evaluations: z.record(z.string(), z.string().nullable()),
  significanceLevel: z.number(),
  sections: z.array(sectionComparisonSchema),
  warnings: z.array(z.string()),
});

/** `comparisons/<comparisonId>/comparison.json`; version 1 also held the verdicts in words (see `readComparison`). */
export type ComparisonRecord = Immutable<z.output<typeof comparisonRecordSchema>>;

/** As stores hold it: each verdict of version 1 has a member `text`, which is not read. */
export const storedComparisonSchema = comparisonRecordSchema.extend({ formatVersion: z.literal([1, 2]) });
