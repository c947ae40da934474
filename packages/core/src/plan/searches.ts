import { forwardPasses } from '../manifest/evaluation-schema.ts';
import type { Plan, PlannedExperiment, Trial } from '../records/plan-records.ts';
import { evaluationKey, plannedEvaluations } from './planned-evaluations.ts';

type MaybeTrial = Pick<PlannedExperiment, 'id' | 'trial'>;

/** Trials by the name of their search. */
export type Searches<Experiment = PlannedExperiment> = ReadonlyMap<string, readonly Experiment[]>;

/** The searches among some experiments, with their trials, in the order of the plan. */
export function searchesOf<Experiment extends MaybeTrial>(experiments: readonly Experiment[]): Searches<Experiment> {
  const searches = new Map<string, Experiment[]>();
  for (const experiment of experiments) {
    if (experiment.trial === undefined) continue;
    const { search } = experiment.trial;
    const known = searches.get(search);
    if (known === undefined) searches.set(search, [experiment]);
    else known.push(experiment);
  }
  return searches;
}

/** What is known of a recipe when one of several is chosen. */
export interface Candidate {
  /** Mean validation accuracy over its trainings. */
  readonly validation: number;
  readonly macs: number;
}

/**
 * The order in which recipes are chosen: the highest mean validation accuracy first, of equal ones the one with the
 * fewest MACs. Ties keep their order, that of the plan.
 */
export function byValidation(a: Candidate, b: Candidate): number {
  return b.validation - a.validation || a.macs - b.macs;
}

/**
 * The trial of each search that validation chooses, by the search's name; a search without results has none.
 * @param candidateOf What is known of an experiment; undefined if it has no result.
 */
export function chosenTrials<Experiment extends MaybeTrial>(
  experiments: readonly Experiment[],
  candidateOf: (experiment: Experiment) => Candidate | undefined,
): ReadonlyMap<Trial['search'], Experiment> {
  const chosen = new Map<string, Experiment>();
  for (const [search, trials] of searchesOf(experiments)) {
    const [best] = trials
      .flatMap((trial) => {
        const candidate = candidateOf(trial);
        return candidate === undefined ? [] : [{ trial, candidate }];
      })
      .sort((a, b) => byValidation(a.candidate, b.candidate));
    if (best !== undefined) chosen.set(search, best.trial);
  }
  return chosen;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function keysOf({ runIds, evaluation }: PlannedExperiment): string[] {
  return runIds.map((runId) => evaluationKey(runId, evaluation));
}

/** Which trials of a plan are chosen, and whose test results are not reported. */
export interface TrialChoice {
  /** The experiments of the chosen trials, by search. */
  readonly chosen: ReadonlyMap<Trial['search'], PlannedExperiment>;
  /** The keys of evaluations that serve nothing but trials that are not chosen. */
  readonly heldBack: ReadonlySet<string>;
}

/**
 * The choice among a plan's trials, so that every table and page reports the same test results.
 * @param validationOf The validation accuracy of an evaluation by its `evaluationKey`; undefined if it does not exist.
 */
export function chooseTrials(
  plan: Pick<Plan, 'experiments' | 'runs'>,
  validationOf: (key: string) => number | undefined,
): TrialChoice {
  const planned = plannedEvaluations(plan);
  const byKey = new Map(planned.map((each) => [each.key, each]));
  const chosen = chosenTrials(plan.experiments, (experiment) => {
    const keys = keysOf(experiment);
    const accuracies = keys.flatMap((key) => validationOf(key) ?? []);
    if (accuracies.length === 0) return undefined;
    const { run, evaluation } = byKey.get(keys[0]!)!;
    return { validation: mean(accuracies), macs: forwardPasses(evaluation) * run.macs };
  });
  const reported = new Set(
    plan.experiments
      .filter((experiment) => experiment.trial === undefined || chosen.get(experiment.trial.search) === experiment)
      .flatMap(keysOf),
  );
  return { chosen, heldBack: new Set(planned.map(({ key }) => key).filter((key) => !reported.has(key))) };
}
