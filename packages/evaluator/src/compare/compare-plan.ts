import {
  type ComparisonRecord,
  comparisonId,
  keys,
  type Plan,
  plannedEvaluations,
  readComparison,
  type StageContext,
  writeJson,
} from '@bakeoff/core';
import { SIGNIFICANCE_LEVEL } from '@bakeoff/statistics';
import type { ComparedPlan } from './compared-plan.ts';
import { compareDataset } from './compare-dataset.ts';
import { evaluatedExperiments } from './compared-experiment.ts';
import { compareSearches } from './compare-searches.ts';
import { compareSection } from './compare-section.ts';
import { type EvaluatedRun, findEvaluations, readEvaluatedRuns } from './evaluated-runs.ts';

/**
 * Warnings about the plan's runs without an evaluation, and those that diverged. The record is determined by the plan
 * and its evaluations, so it does not distinguish missing runs from failed ones.
 */
function runWarnings(plan: Plan, runs: ReadonlyMap<string, EvaluatedRun>): string[] {
  return plannedEvaluations(plan).flatMap(({ key, run: { seed }, experiments }) => {
    const name = `Run ${key} (${experiments.join(', ')}, seed ${seed})`;
    const run = runs.get(key);
    if (run === undefined)
      return [
        `${name} has no evaluation: it is missing, failed, or diverged before an epoch ended. What is said of its recipe rests on the other seeds, if any.`,
      ];
    return run.diverged
      ? [`${name} diverged: what is compared are its best weights before that, of epoch ${run.bestEpoch}.`]
      : [];
  });
}

/**
 * Compares the plan's evaluated runs section by section, checkpoints on the same images and recipes over seeds, and
 * each data set's recipes with the one that validation chooses. Of a search, only the chosen trial is compared.
 * The record's id covers the plan and the evaluations that it is computed from; an existing record is returned.
 * @throws UserError if a section's runs were evaluated on different test sets, or a record is damaged.
 */
export async function comparePlan(input: ComparedPlan, context: StageContext): Promise<ComparisonRecord> {
  const { store, log, signal } = context;
  const evaluations = await findEvaluations(input.plan, store, signal);
  const id = comparisonId(input.plan.planId, evaluations);
  const existing = await readComparison(store, id);
  if (existing !== undefined) {
    log({ type: 'reused', what: 'comparison', id });
    return existing;
  }
  const record = await compareEvaluations(input, evaluations, context);
  for (const text of record.warnings) log({ type: 'warning', text });
  await writeJson(store, keys.comparison(id), record);
  return record;
}

/** The comparison of a plan's evaluated runs, which is not kept; errors as of `comparePlan`. */
export async function computeComparison(
  input: ComparedPlan,
  context: Pick<StageContext, 'store' | 'signal'>,
): Promise<ComparisonRecord> {
  return compareEvaluations(input, await findEvaluations(input.plan, context.store, context.signal), context);
}

async function compareEvaluations(
  { plan, sources = {} }: ComparedPlan,
  evaluations: Readonly<Record<string, string | null>>,
  { store, signal }: Pick<StageContext, 'store' | 'signal'>,
): Promise<ComparisonRecord> {
  const runs = await readEvaluatedRuns(plan, evaluations, store, signal);
  const { searches, compared } = compareSearches(plan, evaluatedExperiments(plan, runs));
  const sections = plan.report.sections.map((section) => compareSection(section, { plan, sources }, compared));
  const datasets = plan.datasets.flatMap(({ datasetId }) => {
    const members = compared.filter((experiment) => experiment.datasetId === datasetId);
    return members.length === 0 ? [] : [compareDataset(datasetId, members)];
  });
  const found = [...runWarnings(plan, runs), ...sections.flatMap(({ warnings }) => warnings)];
  return {
    formatVersion: 3,
    comparisonId: comparisonId(plan.planId, evaluations),
    planId: plan.planId,
    evaluations,
    significanceLevel: SIGNIFICANCE_LEVEL,
    sections: sections.map(({ comparison }) => comparison),
    datasets,
    ...(searches.length === 0 ? {} : { searches }),
    warnings: found,
  };
}
