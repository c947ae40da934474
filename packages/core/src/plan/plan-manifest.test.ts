import { describe, expect, it } from 'vitest';
import { exampleVocabulary } from '../testing/example-vocabulary.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import type { DatasetSettings } from '../manifest/dataset-schema.ts';
import type { SourceFingerprint } from '../manifest/vocabulary.ts';
import type { Plan, PlannedRun } from '../records/plan-records.ts';
import { UserError } from '../user-error.ts';
import { planManifest, type PlanOptions } from './plan-manifest.ts';

const CLASSES = ['airplane', 'automobile', 'bird'];
const fingerprint = async (config: DatasetSettings): Promise<SourceFingerprint> => ({
  sha256: config.source.padEnd(64, '0'),
  trainImages: 50_000,
  testImages: 10_000,
  classes: CLASSES,
  imageShape: [32, 32, 3],
});
const describeModel: PlanOptions['describeModel'] = (model, { classes }) => ({
  parameters: JSON.stringify(model).length,
  macs: classes,
});

const planOf = (text: string, options: Partial<PlanOptions> = {}, fileName = 'm.yaml'): Promise<Plan> =>
  planManifest(parseManifest(text, { fileName, vocabulary: exampleVocabulary }), {
    sources: exampleVocabulary.sources,
    fingerprint,
    describeModel,
    ...options,
  });

const HEAD = `name: t
dataset: { source: cifar10 }
defaults: { optimizer: { type: adam, learningRate: 2e-4 }, maxEpochs: 5 }
experiments:
`;

const STUDY = `${HEAD}
  - { id: a, model: { type: cifarnet }, seeds: [1, 2, 3] }
  - { id: b, model: { type: cifarnet, dropout: 0.3 }, seeds: [3, 4] }
  - { id: c, model: { type: cifarnet }, dataset: { train: 1000 } }
`;

const refuse = (): never => {
  throw new UserError({ what: 'too many bundles', received: '7' });
};
const bug = (): never => {
  throw new TypeError('a bug');
};
const folder = (path: string): string => `{ source: image-folder, path: ${path}, testImages: 100, validation: 100 }`;
const values = (count: number): string => Array.from({ length: count }, (_, i) => i / 1000).join(', ');
const weighted = (name: string): string =>
  STUDY.replace('train: 1000 }', `train: 1000 }, classWeights: { bird: 2, ${name}: 3 }`);
const runOf = (plan: Plan, runId: string | undefined): PlannedRun => plan.runs.find((run) => run.runId === runId)!;

describe('a plan', () => {
  it('has each run once: experiments with the same settings share it', async () => {
    const plan = await planOf(STUDY);
    expect(plan.runs.map(({ seed, experiments }) => [seed, experiments])).toEqual([
      [1, ['a']],
      [2, ['a']],
      [3, ['a', 'b']],
      [4, ['b']],
      [1, ['c']],
    ]);
    expect(plan.experiments.map(({ id, runIds }) => [id, runIds.length])).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 1],
    ]);
    expect(plan.experiments[0]?.recipeId).toBe(plan.experiments[1]?.recipeId);
    for (const { id, runIds, recipeId, datasetId } of plan.experiments) {
      for (const runId of runIds)
        expect(runOf(plan, runId)).toMatchObject({
          recipeId,
          datasetId,
          experiments: expect.arrayContaining([id]) as string[],
        });
    }
    expect(new Set(plan.runs.map(({ runId }) => runId)).size).toBe(5);
  });

  it('counts the images of every split and names the classes', async () => {
    const plan = await planOf(STUDY);
    expect(plan.datasets.map(({ images, classes }) => ({ images, classes }))).toEqual([
      { images: { train: 45_000, validation: 5000, test: 10_000 }, classes: CLASSES },
      { images: { train: 1000, validation: 5000, test: 10_000 }, classes: CLASSES },
    ]);
  });

  it('says how many views data preparation has to write, and their bytes', async () => {
    const flip = 'transforms: [{ type: horizontalFlip }]';
    const plan = await planOf(`${HEAD}
  - { id: a, model: { type: cifarnet }, augmentation: { ${flip}, views: 2 } }
  - { id: b, model: { type: cifarnet }, augmentation: { ${flip} } }
  - { id: c, model: { type: cifarnet }, augmentation: { ${flip}, seed: 2, views: 1 } }
  - { id: d, model: { type: cifarnet } }
`);
    const viewBytes = 45_000 * 3072;
    expect(viewBytes).toBe(138_240_000);
    expect(plan.datasets[0]?.augmentations.map(({ views, bytes }) => [views, bytes])).toEqual([
      [5, 5 * viewBytes],
      [1, viewBytes],
    ]);
    expect(plan.runs.map(({ augmentationId }) => augmentationId)).toEqual([
      plan.datasets[0]?.augmentations[0]?.augmentationId,
      plan.datasets[0]?.augmentations[0]?.augmentationId,
      plan.datasets[0]?.augmentations[1]?.augmentationId,
      null,
    ]);
    expect(plan.runs[0]?.runId).not.toBe(plan.runs[1]?.runId);
  });

  it('asks for each fingerprint and each model only once', async () => {
    let fingerprints = 0;
    const models: string[] = [];
    await planOf(STUDY, {
      fingerprint: (config) => {
        fingerprints++;
        return fingerprint(config);
      },
      describeModel: (model, input) => {
        models.push(JSON.stringify(model));
        expect(input).toEqual({ imageShape: [32, 32, 3], classes: 3 });
        return describeModel(model, input);
      },
    });
    expect(fingerprints).toBe(1);
    expect(models).toEqual(['{"type":"cifarnet","dropout":0.3}']);
  });

  it('has ids that settings, seeds and the source determine, and nothing else', async () => {
    const plan = await planOf(STUDY);
    expect(await planOf(STUDY)).toEqual(plan);
    expect((await planOf(STUDY, {}, 'elsewhere/other.yaml')).planId).toBe(plan.planId);
    const commented = await planOf(`# a remark\n${STUDY}`);
    expect(commented.runs).toEqual(plan.runs);
    expect(commented.planId).not.toBe(plan.planId);
    const otherSource = await planOf(STUDY, {
      fingerprint: async (config) => ({ ...(await fingerprint(config)), sha256: 'f'.repeat(64) }),
    });
    const otherSetting = await planOf(STUDY.replace('2e-4', '3e-4'));
    for (const other of [otherSource, otherSetting])
      expect(other.runs.some(({ runId }) => plan.runs.some((run) => run.runId === runId))).toBe(false);
    const oneSeedMore = await planOf(STUDY.replace('[3, 4]', '[3, 4, 5]'));
    expect(
      oneSeedMore.runs.filter(({ runId }) => !plan.runs.some((run) => run.runId === runId)).map(({ seed }) => seed),
    ).toEqual([5]);
  });

  it('keeps the ids of earlier versions, so that results on disk are found again', async () => {
    const plan = await planOf(STUDY);
    expect([plan.datasets[0]?.datasetId, plan.runs[0]?.recipeId, plan.runs[0]?.runId]).toMatchInlineSnapshot(`
      [
        "eda78e23de1c029a",
        "777b21c4a11590c8",
        "15cd060875859821",
      ]
    `);
  });

  it('refuses a split that takes more images than there are, and says how many there are', async () => {
    const failure = await planOf(STUDY.replace('train: 1000', 'train: 45001')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).parts).toEqual({
      what: 'm.yaml:8:5: the dataset has too few images for this split',
      received: 'dataset.validation 5000 and dataset.train 45001, together 50001',
      allowed: '50000 images that the source offers for training and validation together',
      fix: 'lower dataset.train to at most 45000, or lower dataset.validation',
    });
    await expect(planOf(STUDY.replace('source: cifar10', 'source: cifar10, validation: 50000'))).rejects.toThrow(
      'lower dataset.validation',
    );
    await expect(planOf(STUDY.replace('train: 1000', 'train: 45000'))).resolves.toBeDefined();
  });

  it('refuses the weight of a class that the dataset does not have', async () => {
    const failure = await planOf(weighted('airplan')).catch((error: unknown) => error);
    expect((failure as UserError).parts).toEqual({
      what: 'm.yaml:8:5: experiment "c": classWeights names a class that the dataset does not have',
      received: '"airplan"',
      allowed: 'airplane, automobile, bird',
      fix: 'did you mean "airplane"?',
    });
    await expect(planOf(weighted('airplane'))).resolves.toBeDefined();
  });

  it('warns where no decay is left to keep from biases and norms', async () => {
    const { warnings } = await planOf(
      STUDY.replace('dropout: 0.3 }', 'dropout: 0.3 }, optimizer: { decayBiasAndNorm: false }'),
    );
    expect(warnings).toContain('b: decayBiasAndNorm is false, but nothing decays: l2 or weightDecay is 0');
  });

  it('names a search in place of its trials in warnings, and says how many of them differ', async () => {
    const { warnings, experiments, runs } = await planOf(
      `${STUDY.trimEnd()}\n  - { id: d, model: { type: cifarnet }, search: { trials: 6, batchSize: { choice: [16, 32] } } }\n`,
    );
    expect(experiments.slice(3).map(({ id, trial }) => [id, trial?.search, trial?.number])).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => [`d-trial-${number}`, 'd', number]),
    );
    expect(new Set(experiments.slice(3).flatMap(({ runIds }) => runIds)).size).toBe(2);
    // One of the two has the settings of experiment a, and shares its run of seed 1.
    expect(runs).toHaveLength(6);
    expect(warnings).toContain(
      'the 6 trials of d have 2 different settings: trials with the same settings share their runs',
    );
    expect(warnings.find((warning) => warning.includes('fewer than 3 seeds'))).toMatch(/^b, c, d \(6 trials\): /);
  });

  it('says which experiment has a model that cannot be built', async () => {
    await expect(planOf(STUDY, { describeModel: refuse })).rejects.toThrow(
      'm.yaml:6:5: experiment "a": too many bundles',
    );
    await expect(planOf(STUDY, { describeModel: bug })).rejects.toThrow(TypeError);
  });

  it('treats two folders with the same images as one dataset', async () => {
    const plan = await planOf(`${HEAD.replace('{ source: cifar10 }', folder('./a'))}
  - { id: a, model: { type: cifarnet } }
  - { id: b, model: { type: cifarnet }, dataset: { path: ./b } }
`);
    expect(plan.datasets).toHaveLength(1);
    expect(plan.runs).toHaveLength(1);
    expect(plan.datasets[0]?.config).toMatchObject({ path: './a' });
  });

  it('refuses a section of experiments on different test images before anything is trained, naming both datasets', async () => {
    const mixed = `${HEAD}
  - { id: a, model: { type: cifarnet } }
  - { id: b, model: { type: cifarnet }, dataset: { source: synthetic, images: 6000, testImages: 10000 } }
  - { id: c, model: { type: cifarnet }, dataset: { source: synthetic, images: 7000, testImages: 10000 } }
`;
    const planning = planOf(mixed);
    await expect(planning).rejects.toThrow(UserError);
    await expect(planning).rejects.toThrow(
      /^m\.yaml:7:5: experiment "b" has different test images from "a", but section "All experiments" of the report compares the two\n {2}received: "a": 10,000 test images of cifar10, dataset [0-9a-f]{16}; "b": 10,000 test images of synthetic \(sourceSeed \d+\), dataset [0-9a-f]{16}\n[^]*different sections/,
    );
    await expect(
      planOf(`${mixed}report: { sections: [{ title: x, runs: [a] }, { title: y, runs: [b, c] }] }`),
    ).resolves.toMatchObject({ runs: { length: 3 } });
    await expect(
      planOf(mixed.replace('7000', '7000, sourceSeed: 9').replace('  - { id: a, model: { type: cifarnet } }', '')),
    ).rejects.toThrow(/"c" has different test images from "b"[^]*\(sourceSeed 9\)/);
  });

  it('warns about what a reader should know, and about nothing else', async () => {
    const { warnings } = await planOf(`${HEAD}
  - { id: a, model: { type: cifarnet }, seeds: [1, 2, 3] }
  - { id: b, model: { type: cifarnet }, seeds: [1, 2, 3] }
  - { id: c, model: { type: cifarnet }, selection: validationAccuracy, earlyStopping: { patience: 2 } }
  - { id: d, model: { type: cifarnet }, batchSize: 200, dataset: { train: 100 }, seeds: [1, 2, 3], augmentation: { transforms: [{ type: grayscale }], views: 2 } }
report: { sections: [{ title: s, runs: [a, b, c] }] }
`);
    expect(warnings).toEqual([
      'a, b have the same settings: they share their runs',
      'c: fewer than 3 seeds, so verdicts can be about trained models only, not about recipes',
      'c: the best epoch is chosen by another figure than early stopping watches',
      'd: fewer views than maxEpochs: augmented images repeat',
      'd: batchSize is larger than the number of training images: one step an epoch',
      'd: in no section of the report',
    ]);
    expect((await planOf(`${HEAD}\n  - { id: a, model: { type: cifarnet } }\n`)).warnings).toEqual([]);
  });

  it('of a thousand runs has each of them once, and sections by pattern', async () => {
    const separate = Array.from(
      { length: 200 },
      (_, i) => `  - { id: e${i}, model: { type: resnet, blocks: [3, 3, 3], channels: [16, 32, ${65 + i}] } }`,
    ).join('\n');
    const text = `${HEAD}
  - id: grid
    model: { type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }
    sweep: { model.dropout2d: [${values(20)}], optimizer.l2: [${values(10)}] }
    seeds: [1, 2, 3, 4]
${separate}
report: { sections: [{ title: s, runs: ["grid-*0.00?", "e1*", e7] }, { title: all, runs: ["*"] }] }
`;
    const plan = await planOf(text);
    expect(plan.runs).toHaveLength(1000);
    expect(plan.report.sections[1]?.experiments).toHaveLength(400);
  });
});
