import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { type StageName, stageNames, stages } from './stages.ts';

/** The ids of a small study with one stage's version raised. */
async function idsWhere(raised: StageName | undefined) {
  const versioned = stageNames.map((name) => [
    name,
    name === raised ? { ...stages[name], version: stages[name].version + 1 } : stages[name],
  ]);
  vi.resetModules();
  vi.doMock('./stages.ts', async (original) => ({
    ...(await original<object>()),
    stages: Object.fromEntries(versioned),
  }));
  const { augmentationId, comparisonId, evaluationId } = await import('./ids.ts');
  const { smallPlan } = await import('./testing/small-plan.ts');
  const plan = await smallPlan([1, 2]);
  const evaluations = Object.fromEntries(plan.runs.map(({ runId }) => [runId, evaluationId(runId)]));
  return {
    datasets: plan.datasets.map(({ datasetId }) => datasetId),
    augmentation: augmentationId({ transforms: [{ type: 'horizontalFlip', probability: 0.5 }], views: 2, seed: 1 }),
    runs: plan.runs.map(({ runId }) => runId),
    plan: plan.planId,
    evaluations: Object.values(evaluations),
    comparison: comparisonId(plan.planId, evaluations),
  };
}

afterEach(() => vi.doUnmock('./stages.ts'));
// Other test files share this worker's modules.
afterAll(() => void vi.resetModules());

/** Which ids change with a stage: those of what it makes, and of everything that depends on that. */
const CHANGED: Readonly<Partial<Record<StageName, readonly string[]>>> = {
  'data-prep': ['datasets', 'augmentation', 'runs', 'plan', 'evaluations', 'comparison'],
  train: ['runs', 'plan', 'evaluations', 'comparison'],
  evaluate: ['evaluations', 'comparison'],
  compare: ['comparison'],
  // Nothing depends on a report, and its id is made from records.
};

it.each(stageNames)('raising the version of %s changes the right ids', async (stage) => {
  const expected = CHANGED[stage] ?? [];
  const before = await idsWhere(undefined);
  const after = await idsWhere(stage);
  const names = Object.keys(before) as (keyof typeof before)[];
  // Either every id of a kind changes, or none does.
  const values = (ids: typeof before, name: keyof typeof before): readonly string[] => [ids[name]].flat();
  for (const name of names) {
    const kept = values(before, name).filter((id) => values(after, name).includes(id));
    expect(kept, name).toHaveLength(expected.includes(name) ? 0 : values(before, name).length);
  }
});
