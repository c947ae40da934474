import {
  type Candidate,
  evaluationKey,
  forwardPasses,
  PLAIN_EVALUATION,
  type Plan,
  type ReportSection,
  type Trial,
} from '@bakeoff/core';
import { type CorrectCounts, correctCounts, mean } from '@bakeoff/statistics';
import type { EvaluatedRun } from './evaluated-runs.ts';

/** An experiment with its evaluated runs, by ascending seed. */
export interface ComparedExperiment {
  readonly id: string;
  /** With its test-time augmentation, if there is any (`evaluationKey`): experiments with equal ids are equal. */
  readonly recipeId: string;
  readonly datasetId: string;
  /** Its planned runs, likewise. */
  readonly runIds: readonly string[];
  /** Of predicting one image. */
  readonly macs: number;
  readonly runs: readonly EvaluatedRun[];
  readonly trial?: Trial;
}

/** What it is chosen by. */
export function candidateOf({ runs, macs }: ComparedExperiment): Candidate {
  return { validation: mean(runs.map(({ validationAccuracy }) => validationAccuracy)), macs };
}

/** The plan's experiments with at least one evaluated run, in its order. */
export function evaluatedExperiments(plan: Plan, runs: ReadonlyMap<string, EvaluatedRun>): ComparedExperiment[] {
  const macsOf = new Map(plan.runs.map(({ runId, macs }) => [runId, macs]));
  return plan.experiments.flatMap(({ id, recipeId: recipe, datasetId, evaluation, runIds: planned, trial }) => {
    const recipeId = evaluationKey(recipe, evaluation);
    const runIds = planned.map((runId) => evaluationKey(runId, evaluation));
    const evaluated = runIds.flatMap((runId) => runs.get(runId) ?? []).sort((a, b) => a.seed - b.seed);
    if (evaluated.length === 0) return [];
    const macs = forwardPasses(evaluation ?? PLAIN_EVALUATION) * (macsOf.get(planned[0]!) ?? 0);
    return [{ id, recipeId, datasetId, runIds, macs, runs: evaluated, ...(trial === undefined ? {} : { trial }) }];
  });
}

/** The section's experiments in order, plus the baseline that it names if that is not among them. */
export function sectionExperiments(
  section: ReportSection,
  experiments: readonly ComparedExperiment[],
): ComparedExperiment[] {
  const byId = new Map(experiments.map((experiment) => [experiment.id, experiment]));
  const ids = new Set([...section.experiments, ...(section.baseline === null ? [] : [section.baseline])]);
  return [...ids].flatMap((id) => byId.get(id) ?? []);
}

/** Whether what is said of it can speak of its recipe: with fewer seeds, the spread over them is a guess. */
export const FEWEST_SEEDS = 3;

/** Counted once per experiment: it is compared with many others. */
const counts = new WeakMap<ComparedExperiment, CorrectCounts>();

/** Correct answers of the experiment's trainings to the test images. */
export function countsOf(experiment: ComparedExperiment): CorrectCounts {
  const known = counts.get(experiment) ?? correctCounts(bitsOf(experiment), experiment.runs[0]!.images);
  counts.set(experiment, known);
  return known;
}

function bitsOf({ runs }: ComparedExperiment): Uint8Array[] {
  return runs.map(({ correctness }) => correctness);
}

/** Whether an analysis over seeds and images is possible: it takes two of each. */
export function isRepeated({ runs }: ComparedExperiment, fewest = 2): boolean {
  return runs.length >= fewest && runs[0]!.images >= 2;
}

/**
 * One experiment per recipe: experiments with equal settings share their runs, and comparing them twice would only make
 * the correction for many pairs harsher. They are represented by the baseline if it is one of them, otherwise by the
 * first of those with the most evaluated seeds.
 */
export function distinctRecipes(
  experiments: readonly ComparedExperiment[],
  baseline: string | null,
): {
  readonly distinct: ComparedExperiment[];
  readonly copies: { readonly experiment: ComparedExperiment; readonly of: ComparedExperiment }[];
} {
  const representatives = new Map<string, ComparedExperiment>();
  for (const experiment of experiments) {
    const known = representatives.get(experiment.recipeId);
    const richer = known !== undefined && known.id !== baseline && experiment.runs.length > known.runs.length;
    if (known === undefined || richer || experiment.id === baseline)
      representatives.set(experiment.recipeId, experiment);
  }
  const standsFor = (experiment: ComparedExperiment): string => representatives.get(experiment.recipeId)!.id;
  return {
    distinct: experiments.filter((experiment) => standsFor(experiment) === experiment.id),
    copies: experiments
      .filter((experiment) => standsFor(experiment) !== experiment.id)
      .map((experiment) => ({ experiment, of: representatives.get(experiment.recipeId)! })),
  };
}

/**
 * The two runs that represent a pair of experiments when checkpoints are compared: those of the lowest seed that is
 * evaluated in both, otherwise each one's lowest seed. This choice is fixed before anything is measured; the best of
 * several seeds would flatter.
 */
export function checkpointPair(a: ComparedExperiment, b: ComparedExperiment): readonly [EvaluatedRun, EvaluatedRun] {
  for (const run of a.runs) {
    const like = b.runs.find((candidate) => candidate.seed === run.seed);
    if (like !== undefined) return [run, like];
  }
  return [a.runs[0]!, b.runs[0]!];
}
