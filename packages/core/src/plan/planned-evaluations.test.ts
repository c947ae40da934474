import { expect, it } from 'vitest';
import { findPendingRuns } from '../execution/pending-runs.ts';
import { evaluationId } from '../ids.ts';
import { keys } from '../keys.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { MemoryStore } from '../memory-store.ts';
import type { Plan } from '../records/plan-records.ts';
import { resultKeys } from '../stage-work.ts';
import { exampleVocabulary } from '../testing/example-vocabulary.ts';
import { sampleEvaluationRecord, sampleRunRecord } from '../testing/sample-records.ts';
import { writeJson } from '../records/json-records.ts';
import { extendPlan } from './extend-plan.ts';
import { planManifest } from './plan-manifest.ts';
import { plannedEvaluations } from './planned-evaluations.ts';

function planOf(experiments: string): Promise<Plan> {
  const text = `name: study
dataset: { source: cifar10 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 2, model: { type: cifarnet } }
experiments:
${experiments}`;
  return planManifest(parseManifest(text, { fileName: 'study.yaml', vocabulary: exampleVocabulary }), {
    sources: exampleVocabulary.sources,
    fingerprint: async () => ({
      sha256: '0',
      trainImages: 50_000,
      testImages: 10_000,
      classes: ['cat', 'dog'],
      imageShape: [32, 32, 3],
    }),
    describeModel: () => ({ parameters: 10, macs: 100 }),
  });
}

const PLAIN = '  - { id: plain }\n';
const BOTH = `${PLAIN}  - { id: sixfold, evaluation: { flip: true, translate: 1 } }\n`;
const SIXFOLD = { flip: true, translate: 1 };

it('experiments that differ in their evaluation alone share a training, which has the id of a plain one', async () => {
  const plain = await planOf(PLAIN);
  const both = await planOf(BOTH);
  const alone = await planOf('  - { id: sixfold, evaluation: { flip: true, translate: 1 } }\n');
  const { runId } = plain.runs[0]!;
  for (const plan of [both, alone]) expect(plan.runs.map((run) => run.runId)).toEqual([runId]);
  expect(plannedEvaluations(both)).toMatchObject([
    { key: runId, evaluationId: evaluationId(runId), experiments: ['plain'] },
    { key: `${runId}:flip+translate1`, evaluationId: evaluationId(runId, SIXFOLD), experiments: ['sixfold'] },
  ]);
  expect(plannedEvaluations(alone)).toMatchObject([{ evaluation: SIXFOLD, experiments: ['sixfold'] }]);
  expect(both.experiments.map(({ title }) => title)).toEqual(['plain', 'sixfold with test-time flip and translate 1']);
  // Sharing a training is the point here, and nothing to warn of.
  expect(both.warnings.join()).not.toContain('share');
  expect('evaluations' in plain.runs[0]!).toBe(false);
  expect(new Set([plain, both, alone].map(({ planId }) => planId)).size).toBe(3);
  expect(plannedEvaluations(extendPlan(both, [2], 'more'))).toHaveLength(4);
});

it('a plain evaluation that is written out changes nothing', async () => {
  const written = await planOf('  - { id: plain, evaluation: { flip: false, translate: 0 } }\n');
  const { runs, experiments } = await planOf(PLAIN);
  expect(written).toMatchObject({ runs, experiments });
});

it('an evaluation can be swept', async () => {
  const plan = await planOf(
    '  - { id: tta, sweep: { evaluation.flip: [false, true], evaluation.translate: [0, 2] } }\n',
  );
  expect(plan.runs).toHaveLength(1);
  expect(plannedEvaluations(plan).map(({ evaluation }) => evaluation)).toEqual([
    { flip: false, translate: 0 },
    { flip: false, translate: 2 },
    { flip: true, translate: 0 },
    { flip: true, translate: 2 },
  ]);
  expect(plan.experiments[3]?.title).not.toContain('test-time');
});

it('a run is pending until all its evaluations exist, and all are its results', async () => {
  const { runs } = await planOf(BOTH);
  const [run] = runs as [Plan['runs'][number]];
  const store = new MemoryStore();
  const { runId } = run;
  await writeJson(store, keys.runRecord(runId), sampleRunRecord({ runId }));
  const markers = resultKeys({ stage: 'evaluate', run }).map(({ marker }) => marker);
  for (const [i, id] of [evaluationId(runId), evaluationId(runId, SIXFOLD)].entries()) {
    expect(await findPendingRuns(store, runs)).toEqual(runs);
    expect(markers[i]).toBe(keys.evaluationRecord(id));
    await writeJson(store, keys.evaluationRecord(id), sampleEvaluationRecord({ evaluationId: id }));
  }
  expect(await findPendingRuns(store, runs)).toEqual([]);
});
