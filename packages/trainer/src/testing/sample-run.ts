import { augmentationId, type DatasetIndex, type PlannedRun, type Recipe, recipeId, runId } from '@bakeoff/core';

const RECIPE: Recipe = {
  model: {
    type: 'resnet',
    blocks: [1],
    channels: [8],
    firstChannels: 8,
    shortcut: 'A',
    batchNorm: true,
    dropout2d: 0.1,
  },
  optimizer: {
    type: 'adam',
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    l2: 1e-4,
    decayBiasAndNorm: true,
  },
  schedule: { type: 'cosine', finalFactor: 0.1, warmupEpochs: 1, warmupFactor: 0.1 },
  batchSize: 8,
  maxEpochs: 3,
  earlyStopping: null,
  selection: 'validationLoss',
  normalization: { mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5] },
  augmentation: null,
  replicas: 1,
  labelSmoothing: 0,
  classWeights: null,
  sampling: 'shuffled',
  mixup: null,
  maxGradientNorm: null,
  ema: null,
};

/** A small network's run on the dataset; `changes` are merged into its recipe. */
export function sampleRun(index: Pick<DatasetIndex, 'datasetId'>, changes: Partial<Recipe> = {}, seed = 1): PlannedRun {
  const recipe = { ...RECIPE, ...changes };
  const recipeName = recipeId(index.datasetId, recipe);
  return {
    runId: runId(recipeName, seed),
    recipeId: recipeName,
    datasetId: index.datasetId,
    experiments: ['sample'],
    seed,
    recipe,
    augmentationId: recipe.augmentation === null ? null : augmentationId(recipe.augmentation),
    parameters: 1,
    macs: 1,
  };
}
