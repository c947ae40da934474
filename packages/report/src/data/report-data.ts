import type {
  CheckpointComparison,
  EpochRow,
  ModelCost,
  Plan,
  RecipeComparison,
  StopReason,
  Trial,
} from '@bakeoff/core';
import type { Interval } from '@bakeoff/statistics';
import type { SplitScores } from '@bakeoff/statistics/metrics';
import type { Told } from '../verdicts/verdict-sentences.ts';

/**
 * Everything in a page that the records determine, packed once. The static article, the script in the page,
 * `report.json`, Markdown and CSV all read this one object. Runs and experiments refer to each other by index; an
 * experiment's index also determines its color.
 */
export interface ReportData {
  readonly formatVersion: 1;
  /** Hash of the plan id and of the ids and digests of every record that the report is built from. */
  readonly reportId: string;
  readonly planId: string;
  readonly comparisonId: string | null;
  readonly name: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  readonly manifest: Plan['manifest'];
  readonly significanceLevel: number;
  readonly datasets: readonly ReportDataset[];
  readonly experiments: readonly ReportExperiment[];
  readonly runs: readonly ReportRun[];
  readonly sections: readonly ReportSectionData[];
  readonly gallery: Gallery | null;
  /** What the first screen tells, by data set: the one with the most experiments with results comes first. */
  readonly rankings: readonly Ranking[];
  /** The summary's sentences, plain text. */
  readonly summary: readonly string[];
  /** What a reader has to keep in mind, plain text. */
  readonly caveats: readonly string[];
}

/** The experiments on one data set, and what the tests say of them. */
export interface Ranking {
  /** Index of the data set. */
  readonly dataset: number;
  /** Which is best, what ties with it at what cost, and over how many seeds that was shown: plain text, one line. */
  readonly verdict: string;
  /** Index of the experiment with the highest mean validation accuracy; null if none has results. */
  readonly chosen: number | null;
  /** Share of the test images in the largest class (0…1): the accuracy of always guessing that class. */
  readonly chance: number;
  /** Comparisons with the chosen one, how many of them are of recipes over seeds, and how many found a difference. */
  readonly pairs: { readonly compared: number; readonly recipes: number; readonly decided: number };
  /** By mean validation accuracy, the chosen one first, those without results last. */
  readonly rows: readonly RankedRow[];
}

/**
 * What a row is to the chosen experiment: `tied` is not shown to be worse or better; `untested` was not compared with
 * it; `noResult` has no evaluated training.
 */
export type Standing = 'chosen' | 'tied' | 'worse' | 'better' | 'untested' | 'noResult';

/** One recipe: experiments with the same settings are one row, that of the one with the most results. */
export interface RankedRow {
  /** Index of the experiment. */
  readonly experiment: number;
  /** Indices of further experiments with the same settings: the recipe's other names. */
  readonly aliases: readonly number[];
  readonly standing: Standing;
  /** What the tests say of it against the chosen one, or of the chosen one itself: plain text, one sentence. */
  readonly sentence: string;
  /** Test accuracy minus the chosen one's, with the interval of this pair alone; null without a test. */
  readonly against: { readonly difference: number; readonly interval: Interval } | null;
  /** Mean validation accuracy over its trainings, by which the chosen one is chosen. */
  readonly validation: number | null;
  /** Mean test accuracy over its trainings, with its interval; the interval is null if nothing is known of it. */
  readonly estimate: number | null;
  readonly interval: Interval | null;
  /** What the interval covers: other seeds and other images, or other images only (of a single training). */
  readonly intervalOf: 'recipe' | 'training' | null;
  /** Whether its accuracy is shown to be above chance; null if that was not tested. */
  readonly aboveChance: boolean | null;
  /** Trainings with an evaluation, and planned ones. */
  readonly trainings: number;
  readonly planned: number;
  readonly macs: number | null;
  readonly parameters: number | null;
}

export interface ReportDataset {
  readonly datasetId: string;
  readonly source: string;
  readonly sourceSha256: string;
  readonly splitSeed: number;
  readonly stratified: boolean;
  readonly classes: readonly string[];
  readonly images: { readonly train: number; readonly validation: number; readonly test: number };
  /** A few training images by class; null if pictures were left out, or the dataset has none. */
  readonly samples: DatasetSamples | null;
}

/** Pictures of training images, for a reader to see what was learned from. */
export interface DatasetSamples {
  /** Of one image. */
  readonly width: number;
  readonly height: number;
  readonly classes: readonly {
    readonly name: string;
    readonly count: number;
    /** The images side by side as one PNG, base64. */
    readonly png: string;
  }[];
}

export interface ReportExperiment {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly sweepValues: Readonly<Record<string, string | number | boolean | null>>;
  /** Absent if it is no trial of a search. The test results of a trial that is not chosen are not reported. */
  readonly trial?: Trial & { readonly chosen: boolean };
  readonly recipeId: string;
  readonly dataset: number;
  readonly runs: readonly number[];
  /** Over the runs with an evaluation; null if there is none. */
  readonly test: Spread | null;
  readonly validation: Spread | null;
}

/** Accuracies of one recipe over its seeds. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation; null for one run. */
  readonly standardDeviation: number | null;
  /** Of the mean over the seeds and images that might have been; null for one seed, or if the comparison has none. */
  readonly interval: Interval | null;
}

/**
 * `notEvaluated`: trained, but without an evaluation; `missing`: no record at all. The other three stand only in a page
 * that follows a study: `running`: a process works on it; `stopped`: none does any more; `waiting`: none has begun.
 */
export type RunStatus = 'finished' | 'diverged' | 'notEvaluated' | 'missing' | 'running' | 'stopped' | 'waiting';

export interface ReportRun {
  /** With its evaluation's test-time augmentation, if there is any: core's `evaluationKey`. */
  readonly runId: string;
  /** Likewise. */
  readonly recipeId: string;
  readonly experiments: readonly number[];
  readonly dataset: number;
  readonly seed: number;
  readonly status: RunStatus;
  readonly stopReason: StopReason | null;
  readonly steps: number;
  readonly imagesSeen: number;
  readonly bestEpoch: number | null;
  readonly epochs: readonly EpochRow[];
  readonly curve: PackedCurve | null;
  readonly parameters: number;
  /** Of predicting one image: with test-time augmentation several forward passes. */
  readonly macs: number;
  /** The recipe, and where one has test-time augmentation the evaluation, flattened to dotted paths. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /** Null without an evaluation, and if its test result is held back. */
  readonly evaluation: ReportEvaluation | null;
  /** It has an evaluation, which is not reported, because it serves only trials that validation did not choose. */
  readonly heldBack?: true;
}

export interface ReportEvaluation {
  readonly evaluationId: string;
  readonly test: SplitScores;
  readonly validation: {
    readonly images: number;
    readonly accuracy: number;
    readonly accuracyInterval: Interval;
    readonly nll: number;
    /** Null if the record lacks the scores by class. */
    readonly balancedAccuracy: number | null;
    readonly macroF1: number | null;
  };
  readonly generalizationGap: number;
  readonly cost: ModelCost;
  readonly trainingFlops: number;
  readonly modelBytes: number;
  /** One bit per image in test-split order, most significant bit first; base64. */
  readonly correctness: string;
  readonly testSetSha256: string;
}

/**
 * Training loss and accuracy by step, in `buckets` equal ranges of steps: the mean and the extremes of each range, so
 * that smoothing starts from true means and no spike is lost. With one step per bucket, the three are equal. float32,
 * little-endian, base64; NaN where the loss was not a number.
 */
export interface PackedCurve {
  readonly buckets: number;
  readonly steps: number;
  readonly loss: { readonly mean: string; readonly low: string; readonly high: string };
  readonly accuracy: { readonly mean: string; readonly low: string; readonly high: string };
}

export interface ReportSectionData {
  readonly title: string;
  readonly text: string;
  readonly experiments: readonly number[];
  /** By name, as the plan has them. */
  readonly charts: readonly string[];
  readonly scheme: 'all' | 'baseline';
  readonly baseline: number | null;
  readonly checkpoints: readonly Told<CheckpointComparison>[];
  readonly recipePairs: readonly Told<RecipeComparison>[];
  /** What the comparisons say, in one or two sentences, the most useful first: plain text. */
  readonly findings: readonly string[];
}

/** The test images that the most runs get wrong, with every run's answer. */
export interface Gallery {
  readonly images: readonly {
    readonly id: number;
    readonly label: number;
    /** Base64; null if pictures were left out. */ readonly png: string | null;
    /** How many of the runs with an answer are wrong. */ readonly wrong: number;
    readonly answered: number;
  }[];
  /** By run index; null without predictions. Per image: predicted class, and the confidence in it (0…1). */
  readonly answers: readonly ({
    readonly predictions: readonly number[];
    readonly confidences: readonly number[];
  } | null)[];
}
