import { exampleVocabulary } from './example-vocabulary.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { planManifest } from '../plan/plan-manifest.ts';
import type { Plan } from '../records/plan-records.ts';

/** A plan of two experiments, with the seeds given. */
export function smallPlan(seeds: readonly number[] = [1]): Promise<Plan> {
  const text = `name: small
dataset: { source: cifar10 }
defaults: { optimizer: { type: adam, learningRate: 2e-4 }, maxEpochs: 5, seeds: [${seeds.join(', ')}] }
experiments:
  - { id: a, model: { type: cifarnet } }
  - { id: b, model: { type: cifarnet }, batchSize: 64 }
`;
  return planManifest(parseManifest(text, { fileName: 'small.yaml', vocabulary: exampleVocabulary }), {
    sources: exampleVocabulary.sources,
    fingerprint: async () => ({
      sha256: '0'.repeat(64),
      trainImages: 50_000,
      testImages: 10_000,
      classes: ['cat', 'dog'],
      imageShape: [32, 32, 3],
    }),
    describeModel: () => ({ parameters: 10, macs: 100 }),
  });
}
