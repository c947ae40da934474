import { afterAll, afterEach, expect, it, vi } from 'vitest';
import * as z from 'zod';

const MANIFEST = `name: later
dataset: { source: cifar10, validation: 100 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 3, seeds: [1, 2] }
experiments:
  - id: plain
    model: { type: cifarnet }
  - id: augmented
    model: { type: resnet, blocks: [1], channels: [4] }
    optimizer: { type: sgd, learningRate: 0.1 }
    augmentation: { transforms: [{ type: grayscale }, { type: rotation, degrees: 10 }] }
`;

/** A place where a setting is added to a copy of the schemas. */
type Place = 'recipe' | 'optimizer' | 'transform' | 'split' | 'model' | 'source';

type Extend = (schema: z.ZodType, later: z.ZodType) => z.ZodType;

/** A copy of an object's schema, or of each option of a union, that also has the setting `later`. */
const extended: Extend = (schema, later) => {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const options = schema.options.map((option) => extended(option as z.ZodType, later));
    return z.discriminatedUnion(schema.def.discriminator, options as never);
  }
  return (schema as z.ZodObject).safeExtend({ later });
};

/** Loads core anew with a setting `later`, whose neutral value is 0, at each of the places. */
async function coreWith(places: readonly Place[]) {
  vi.resetModules();
  const { addedLater } = await import('./schema/neutral-settings.ts');
  const later = addedLater(z.int(), 0);
  const at = (place: Place, schema: z.ZodType) => (places.includes(place) ? extended(schema, later) : schema);
  vi.doMock('./manifest/training-schema.ts', async (original) => {
    const actual = await original<typeof import('./manifest/training-schema.ts')>();
    return { ...actual, optimizerSchema: at('optimizer', actual.optimizerSchema) };
  });
  vi.doMock('./manifest/augmentation-schema.ts', async (original) => {
    const actual = await original<typeof import('./manifest/augmentation-schema.ts')>();
    const transforms = z.array(at('transform', actual.augmentationSchema.shape.transforms.element));
    return {
      ...actual,
      augmentationSchema: actual.augmentationSchema.extend({ transforms }),
      partialAugmentationSchema: actual.partialAugmentationSchema.extend({ transforms }),
    };
  });
  vi.doMock('./manifest/recipe-schema.ts', async (original) => {
    const actual = await original<typeof import('./manifest/recipe-schema.ts')>();
    const trainingShape = places.includes('recipe') ? { ...actual.trainingShape, later } : actual.trainingShape;
    return { ...actual, trainingShape, recipeSchema: at('recipe', actual.recipeSchema) };
  });
  vi.doMock('./manifest/dataset-schema.ts', async (original) => {
    const actual = await original<typeof import('./manifest/dataset-schema.ts')>();
    const splitSettings = (validation: number | undefined) => ({ ...actual.splitSettings(validation), later });
    return {
      ...actual,
      splitSettings: places.includes('split') ? splitSettings : actual.splitSettings,
      datasetConfigSchema: at('split', actual.datasetConfigSchema),
    };
  });
  const core = await import('./index.ts');
  const { exampleVocabulary } = await import('./testing/example-vocabulary.ts');
  const { models, sources, ...others } = exampleVocabulary;
  const vocabulary = {
    ...others,
    models: Object.fromEntries(Object.entries(models).map(([type, schema]) => [type, at('model', schema)])),
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, facts]) => [name, { ...facts, schema: at('source', facts.schema) }]),
    ),
  };
  return { core, vocabulary };
}

/** Every id of the study, the bytes of its records, and what is read back of its plan. */
async function studyOf(places: readonly Place[], written = MANIFEST) {
  const { core, vocabulary } = await coreWith(places);
  const manifest = core.parseManifest(written, { fileName: 'later.yaml', vocabulary });
  const plan = await core.planManifest(manifest, {
    sources: vocabulary.sources,
    fingerprint: async () => ({
      sha256: 'ab'.repeat(32),
      trainImages: 1000,
      testImages: 100,
      classes: ['a', 'b'],
      imageShape: [32, 32, 3],
    }),
    describeModel: () => ({ parameters: 1, macs: 1 }),
  });
  const store = new core.MemoryStore();
  await core.writePlan(store, plan);
  const { runId, recipeId, datasetId, recipe, seed } = plan.runs[0]!;
  const config = { formatVersion: 1, runId, recipeId, datasetId, recipe, seed } as const;
  const evaluations = plan.runs.map((run) => core.evaluationId(run.runId));
  return {
    made: {
      plan: plan.planId,
      datasets: plan.datasets.map((dataset) => dataset.datasetId),
      augmentations: plan.datasets.flatMap(({ augmentations }) => augmentations),
      recipes: plan.runs.map((run) => run.recipeId),
      runs: plan.runs.map((run) => run.runId),
      evaluations,
      comparison: core.comparisonId(plan.planId, Object.fromEntries(evaluations.map((id) => [id, id]))),
      planRecord: new TextDecoder().decode(await store.get(core.keys.plan(plan.planId))),
      configRecord: new TextDecoder().decode(core.encodeRecord(config, core.runConfigSchema)),
      extended: core.extendPlan(plan, [3], 'more').planId,
    },
    plan,
    readBack: await core.findPlan(store, plan.planId),
  };
}

afterEach(() => {
  for (const name of ['training', 'augmentation', 'recipe', 'dataset']) vi.doUnmock(`./manifest/${name}-schema.ts`);
});
// Other test files share this worker's modules.
afterAll(() => void vi.resetModules());

const PLACES: readonly Place[] = ['recipe', 'optimizer', 'transform', 'split', 'model', 'source'];

it('a setting added later, at the value that means "as before", changes no id and no record', async () => {
  const before = await studyOf([]);
  const after = await studyOf(PLACES);
  expect(after.made).toEqual(before.made);
  // What core knows of is whole in memory and when it is read; an architecture or a source fills its own in.
  expect(after.plan.runs[0]?.recipe).toMatchObject({ later: 0, optimizer: { later: 0 } });
  expect(after.readBack).toEqual(after.plan);
});

const CHANGED: Readonly<Record<Place, readonly [from: string, to: string]>> = {
  recipe: ['maxEpochs: 3', 'maxEpochs: 3, later: 1'],
  optimizer: ['type: adam,', 'type: adam, later: 1,'],
  transform: ['type: grayscale', 'type: grayscale, later: 1'],
  split: ['validation: 100', 'validation: 100, later: 1'],
  model: ['type: cifarnet', 'type: cifarnet, later: 1'],
  source: ['source: cifar10', 'source: cifar10, later: 1'],
};

it.each(PLACES)('at another value it makes other ids: in the %s', async (place) => {
  const before = await studyOf([place]);
  const after = await studyOf([place], MANIFEST.replace(...CHANGED[place]));
  expect(after.made.runs.filter((id) => !before.made.runs.includes(id)).length).toBeGreaterThan(0);
  expect(after.made.plan).not.toBe(before.made.plan);
  expect(after.readBack).toEqual(after.plan);
  const setting = /later"?: ?1/;
  expect(after.made.planRecord.replaceAll(JSON.stringify(after.plan.manifest.text), '')).toMatch(setting);
});
