import type { Plan, PlannedExperiment, ReportSection } from '@bakeoff/core';
import type { EvaluatedRun } from './evaluated-runs.ts';

/** An experiment with its evaluated runs, by ascending seed. */
export interface ComparedExperiment {
  readonly id: string;
  readonly recipeId: string;
  readonly plannedSeeds: number;
  readonly runs: readonly EvaluatedRun[];
}

/** The section's experiments in order, plus the baseline that it names if that is not among them. */
export function sectionExperiments(
  section: ReportSection,
  plan: Plan,
  runs: ReadonlyMap<string, EvaluatedRun>,
): ComparedExperiment[] {
  const byId = new Map<string, PlannedExperiment>(plan.experiments.map((experiment) => [experiment.id, experiment]));
  const ids = new Set([...section.experiments, ...(section.baseline === null ? [] : [section.baseline])]);
  return [...ids].map((id) => {
    const experiment = byId.get(id);
    if (experiment === undefined)
      throw new Error(`section "${section.title}" names experiment ${id}, which plan ${plan.planId} lacks`);
    const evaluated = experiment.runIds.flatMap((runId) => runs.get(runId) ?? []);
    return {
      id,
      recipeId: experiment.recipeId,
      plannedSeeds: experiment.runIds.length,
      runs: evaluated.sort((a, b) => a.seed - b.seed),
    };
  });
}

/**
 * One experiment per recipe: experiments with equal settings share their runs, and comparing them twice would only make
 * the correction for many pairs harsher. They are represented by the baseline if it is one of them, otherwise by the
 * first of those with the most evaluated seeds.
 */
export function distinctRecipes(
  experiments: readonly ComparedExperiment[],
  baseline: string | null,
): { readonly distinct: ComparedExperiment[]; readonly copies: { readonly id: string; readonly of: string }[] } {
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
      .map((experiment) => ({ id: experiment.id, of: standsFor(experiment) })),
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
