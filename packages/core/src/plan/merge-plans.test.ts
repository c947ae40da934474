import { describe, expect, it } from 'vitest';
import { exampleVocabulary } from '../testing/example-vocabulary.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import type { Plan } from '../records/plan-records.ts';
import { mergePlans } from './merge-plans.ts';
import { planManifest } from './plan-manifest.ts';

const planOf = (name: string, experiments: string, dataset = '{ source: synthetic }'): Promise<Plan> => {
  const text = `name: ${name}
dataset: ${dataset}
defaults: { optimizer: { type: adam, learningRate: 2e-4 }, maxEpochs: 5 }
experiments:
${experiments}
report: { title: About ${name}, sections: [{ title: All, runs: ['*'] }] }
`;
  return planManifest(parseManifest(text, { fileName: `${name}.yaml`, vocabulary: exampleVocabulary }), {
    sources: exampleVocabulary.sources,
    fingerprint: async () => ({
      sha256: '0'.repeat(64),
      trainImages: 6000,
      testImages: 2000,
      classes: ['a', 'b'],
      imageShape: [32, 32, 3],
    }),
    describeModel: () => ({ parameters: 1, macs: 1 }),
  });
};
const SMALL = '  - { id: small, model: { type: cifarnet }, seeds: [1, 2] }';
const MORE_SEEDS = '  - { id: small, model: { type: cifarnet }, seeds: [2, 3] }';
const OTHER = '  - { id: small, model: { type: cifarnet, dropout: 0.1 }, sweep: { batchSize: [8, 16] } }';

describe('a plan of several manifests', () => {
  it('has equal experiments once, with the seeds of all, and each run once with its id', async () => {
    const [a, b] = [await planOf('a', SMALL), await planOf('b', MORE_SEEDS)];
    const merged = mergePlans([a, b]);
    expect(merged.name).toBe('a+b');
    expect(merged.experiments.map(({ id }) => id)).toEqual(['small']);
    expect(merged.experiments[0]?.runIds).toEqual([...a.runs.map((run) => run.runId), b.runs[1]?.runId]);
    expect(merged.runs.map(({ seed, experiments }) => [seed, experiments])).toEqual([
      [1, ['small']],
      [2, ['small']],
      [3, ['small']],
    ]);
    expect(merged.datasets).toEqual(a.datasets);
    expect(merged.report.sections.map(({ title, experiments }) => [title, experiments])).toEqual([
      ['a: All', ['small']],
      ['b: All', ['small']],
    ]);
    expect(merged.manifest.parts).toEqual([a.manifest, b.manifest]);
  });

  it('names different experiments of one name after their manifests, with their sweep and sections', async () => {
    const merged = mergePlans([await planOf('a', SMALL), await planOf('b', OTHER)]);
    expect(merged.experiments.map(({ id, group }) => [id, group])).toEqual([
      ['a-small', 'a-small'],
      ['b-small-8', 'b-small'],
      ['b-small-16', 'b-small'],
    ]);
    expect(merged.report.sections[1]?.experiments).toEqual(['b-small-8', 'b-small-16']);
    expect(new Set(merged.runs.flatMap(({ experiments }) => experiments))).toEqual(
      new Set(merged.experiments.map(({ id }) => id)),
    );
  });

  it('tells versions of one manifest apart, and keeps datasets that differ', async () => {
    const [a, b] = [await planOf('a', SMALL), await planOf('a', SMALL, '{ source: synthetic, sourceSeed: 2 }')];
    const merged = mergePlans([a, b]);
    expect(merged.experiments.map(({ id }) => id)).toEqual(['a-small', 'a-2-small']);
    expect(merged.datasets.map(({ datasetId }) => datasetId)).toEqual(
      [a, b].map(({ datasets }) => datasets[0]?.datasetId),
    );
    expect(merged.runs).toHaveLength(4);
  });

  it('is the plan itself of one manifest, and has another id than its parts', async () => {
    const [a, b] = [await planOf('a', SMALL), await planOf('b', OTHER)];
    expect(mergePlans([a])).toBe(a);
    expect([a.planId, b.planId]).not.toContain(mergePlans([a, b]).planId);
    expect(mergePlans([a, b]).planId).toBe(mergePlans([a, b]).planId);
  });
});
