import type { Interval, PairedCounts, Verdict } from '@bakeoff/statistics';

/** Mean and spread of a recipe over its seeds. */
export interface RecipeSummary {
  readonly experimentId: string;
  readonly recipeId: string;
  readonly seeds: readonly number[];
  readonly accuracies: readonly number[];
  readonly mean: number;
  /** Sample standard deviation; null for one seed. */
  readonly standardDeviation: number | null;
  /** Student-t interval of the mean; null for one seed. */
  readonly interval: Interval | null;
}

/** Two trained models on the same test images: this says nothing about their recipes. */
export interface CheckpointComparison {
  readonly kind: 'checkpoints';
  readonly a: { readonly experimentId: string; readonly runId: string };
  readonly b: { readonly experimentId: string; readonly runId: string };
  readonly images: number;
  readonly counts: PairedCounts;
  /** accuracy(a) − accuracy(b). */
  readonly difference: number;
  readonly interval: Interval;
  /** Exact McNemar (two-sided binomial on the discordant pairs). */
  readonly pValue: number;
  /** Holm-adjusted within the section and kind. */
  readonly adjustedPValue: number;
  readonly verdict: Verdict;
}

/** Two recipes, each over at least three seeds: Welch's test on their accuracies. */
export interface RecipeComparison {
  readonly kind: 'recipes';
  readonly a: { readonly experimentId: string; readonly recipeId: string };
  readonly b: { readonly experimentId: string; readonly recipeId: string };
  readonly difference: number;
  readonly interval: Interval;
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  readonly adjustedPValue: number;
  readonly verdict: Verdict;
}

export interface SectionComparison {
  readonly title: string;
  /** 'all': every pair; 'baseline': each against the section's baseline. */
  readonly scheme: 'all' | 'baseline';
  readonly baseline: string | null;
  readonly recipes: readonly RecipeSummary[];
  readonly checkpoints: readonly CheckpointComparison[];
  readonly recipePairs: readonly RecipeComparison[];
}

/** `comparisons/<comparisonId>/comparison.json`; version 1 also held the verdicts in words (see `readComparison`). */
export interface ComparisonRecord {
  readonly formatVersion: 2;
  readonly comparisonId: string;
  readonly planId: string;
  /** The evaluations that it is based on, by run id; null: the run is missing, failed or diverged. */
  readonly evaluations: Readonly<Record<string, string | null>>;
  readonly significanceLevel: number;
  readonly sections: readonly SectionComparison[];
  readonly warnings: readonly string[];
}
