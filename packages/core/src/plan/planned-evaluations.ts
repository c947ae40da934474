import { canonicalJson } from '../canonical-json.ts';
import { evaluationId } from '../ids.ts';
import { type EvaluationConfig, isPlain, PLAIN_EVALUATION } from '../manifest/evaluation-schema.ts';
import type { Plan, PlannedExperiment, PlannedRun } from '../records/plan-records.ts';

/** One evaluation of a run: what is compared, and a row of every table of results. */
export interface PlannedEvaluation {
  /** `evaluationKey` of the run and the evaluation. */
  readonly key: string;
  readonly evaluationId: string;
  readonly run: PlannedRun;
  readonly evaluation: EvaluationConfig;
  /** Ids of the experiments it serves, in manifest order. */
  readonly experiments: readonly string[];
}

/**
 * A run's (or a recipe's) id, followed by the test-time augmentation of its evaluation if there is any:
 * `754ca944da28ef25:flip+translate1`.
 */
export function evaluationKey(id: string, { flip, translate }: EvaluationConfig = PLAIN_EVALUATION): string {
  const parts = [...(flip ? ['flip'] : []), ...(translate > 0 ? [`translate${translate}`] : [])];
  return parts.length === 0 ? id : `${id}:${parts.join('+')}`;
}

/** A run's evaluations: at least one. */
export function evaluationsOf({ evaluations }: Pick<PlannedRun, 'evaluations'>): readonly EvaluationConfig[] {
  return evaluations ?? [PLAIN_EVALUATION];
}

/** The ids of a run's evaluations. */
export function evaluationIds(run: Pick<PlannedRun, 'runId' | 'evaluations'>): string[] {
  return evaluationsOf(run).map((evaluation) => evaluationId(run.runId, evaluation));
}

/** Tells each run which evaluations its experiments ask for. */
export function withEvaluations(
  runs: readonly PlannedRun[],
  experiments: readonly Pick<PlannedExperiment, 'runIds' | 'evaluation'>[],
): PlannedRun[] {
  const asked = new Map<string, Map<string, EvaluationConfig>>();
  for (const { runIds, evaluation = PLAIN_EVALUATION } of experiments)
    for (const id of runIds) {
      const known = asked.get(id) ?? new Map<string, EvaluationConfig>();
      asked.set(id, known.set(canonicalJson(evaluation), evaluation));
    }
  return runs.map((run) => {
    const evaluations = [...(asked.get(run.runId)?.values() ?? [])];
    const { evaluations: _before, ...rest } = run;
    return evaluations.every(isPlain) ? rest : { ...rest, evaluations };
  });
}

/** The evaluations of a plan's runs, in the order of the runs. */
export function plannedEvaluations({ runs, experiments }: Pick<Plan, 'runs' | 'experiments'>): PlannedEvaluation[] {
  const served = new Map<string, string[]>();
  for (const { id, runIds, evaluation } of experiments)
    for (const runId of runIds) {
      const key = evaluationKey(runId, evaluation);
      const known = served.get(key);
      if (known === undefined) served.set(key, [id]);
      else known.push(id);
    }
  return runs.flatMap((run) =>
    evaluationsOf(run).map((evaluation) => {
      const key = evaluationKey(run.runId, evaluation);
      return {
        key,
        evaluationId: evaluationId(run.runId, evaluation),
        run,
        evaluation,
        experiments: served.get(key) ?? [],
      };
    }),
  );
}

/** By key, the id of each evaluation of a plan that exists, and null for the others: what a comparison is made from. */
export function existingEvaluations(
  plan: Pick<Plan, 'runs' | 'experiments'>,
  exists: (evaluationId: string) => boolean,
): Record<string, string | null> {
  return Object.fromEntries(plannedEvaluations(plan).map(({ key, evaluationId: id }) => [key, exists(id) ? id : null]));
}
