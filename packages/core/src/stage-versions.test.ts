import { afterEach, expect, it, vi } from 'vitest';
import { STAGE_VERSIONS } from './stage-versions.ts';

type Stage = keyof typeof STAGE_VERSIONS;

/** The ids of a small study where one stage's version is raised. */
async function idsWhere(raised: Partial<Record<Stage, number>>) {
  vi.resetModules();
  vi.doMock('./stage-versions.ts', () => ({ STAGE_VERSIONS: { ...STAGE_VERSIONS, ...raised } }));
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

afterEach(() => vi.doUnmock('./stage-versions.ts'));

/** Which ids change with a stage: those of what it makes, and of what rests on that. */
const CHANGED: Readonly<Record<Stage, readonly string[]>> = {
  preparation: ['datasets', 'augmentation', 'runs', 'plan', 'evaluations', 'comparison'],
  training: ['runs', 'plan', 'evaluations', 'comparison'],
  evaluation: ['evaluations', 'comparison'],
  comparison: ['comparison'],
  // Nothing rests on a report, and its id is made of records.
  report: [],
};

it.each(Object.entries(CHANGED))('raising the version of %s makes the right things anew', async (stage, expected) => {
  const before = await idsWhere({});
  const after = await idsWhere({ [stage]: 2 });
  const names = Object.keys(before) as (keyof typeof before)[];
  // Every id of a kind changes, or none does.
  const values = (ids: typeof before, name: keyof typeof before): readonly string[] => [ids[name]].flat();
  for (const name of names) {
    const kept = values(before, name).filter((id) => values(after, name).includes(id));
    expect(kept, name).toHaveLength(expected.includes(name) ? 0 : values(before, name).length);
  }
});
