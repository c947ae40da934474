import { globExpression, nearestNames, type Plan, type StageName, stages, UserError } from '@bakeoff/core';

export interface Selection {
  /** An id may be given by its first letters. */
  readonly dataset?: string;
  readonly run?: string;
  /** Experiment id, or a pattern: see `globExpression`. */
  readonly experiment?: string;
}

/** The part of a plan that a stage works on. It keeps the id of the whole plan. */
export function selectFromPlan(plan: Plan, stage: StageName, { dataset, run, experiment }: Selection): Plan {
  let { datasets, runs } = plan;
  if (dataset !== undefined) datasets = byId('dataset', datasets, ({ datasetId }) => datasetId, dataset);
  if (run !== undefined) runs = byId('run', runs, ({ runId }) => runId, run);
  if (experiment !== undefined) runs = byExperiment(plan, experiment).filter((each) => runs.includes(each));
  return stages[stage].subject === 'plan' ? plan : { ...plan, datasets, runs };
}

function byId<T>(kind: string, items: readonly T[], idOf: (item: T) => string, prefix: string): readonly T[] {
  const found = items.filter((item) => idOf(item).startsWith(prefix));
  if (found.length === 1) return found;
  throw new UserError({
    what: found.length === 0 ? `the plan has no such ${kind}` : `several ${kind}s of the plan begin with this`,
    received: prefix,
    allowed: listSome((found.length === 0 ? items : found).map(idOf)),
    fix: 'list the ids with: bakeoff plan MANIFEST --json',
  });
}

function byExperiment(plan: Plan, pattern: string): Plan['runs'] {
  const expression = globExpression(pattern);
  const runs = plan.runs.filter(({ experiments }) => experiments.some((id) => expression.test(id)));
  if (runs.length > 0) return runs;
  const ids = plan.experiments.map(({ id }) => id);
  const nearest = nearestNames(pattern, ids);
  throw new UserError({
    what: 'the plan has no such experiment',
    received: pattern,
    allowed: listSome(nearest.length > 0 ? nearest : ids),
  });
}

function listSome(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown}, … (${names.length} in all)` : shown;
}
