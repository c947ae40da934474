// Prints what PyTorch needs to do the traced trainings: images, initial weights, the order of images and their mixing.
// usage: node --import tsx export-recipes.ts | python make_recipes.py      (writes recipe-traces.json here)
import { MemoryStore, type PlannedRun, Random } from '@bakeoff/core';
import { loadEngine } from '@bakeoff/engine';
import { createNetwork, loadSplit } from '@bakeoff/model';
import { BatchPlan, epochOrder } from '../../batches.ts';
import { drawMixing } from '../../mixup.ts';
import { lossSettings } from '../../training-loss.ts';
import { TRACED_DATASET, tracedNetworks, tracedRecipes, tracedReluRecipe } from '../recipe-cases.ts';
import { writeSampleDataset } from '../sample-dataset.ts';
import { sampleRun } from '../sample-run.ts';

await loadEngine('wasm');
const store = new MemoryStore();
const index = await writeSampleDataset(store, TRACED_DATASET);
const [train, validation] = await Promise.all([
  loadSplit(store, index, 'train'),
  loadSplit(store, index, 'validation'),
]);

function initialWeights({ recipe, seed }: PlannedRun): object {
  const network = createNetwork(recipe.model, { imageShape: index.imageShape, classes: index.classes.length });
  network.initialize(new Random(seed).split('init'));
  const state = Object.entries(network.state()).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]);
  network.dispose();
  return Object.fromEntries(state) as object;
}

function stepsOf({ recipe, seed }: PlannedRun): object[] {
  const batches = new BatchPlan(train.labels.length, recipe.batchSize);
  const epochs = Array.from({ length: recipe.maxEpochs }, (_, i) => i + 1);
  return epochs.flatMap((epoch) => {
    const order = epochOrder({ seed, epoch }, train.labels, recipe.sampling);
    return Array.from({ length: batches.stepsPerEpoch }, (_, position) => {
      const indices = order.subarray(...batches.range(position));
      const step = (epoch - 1) * batches.stepsPerEpoch + position + 1;
      const mixing = recipe.mixup === null ? null : drawMixing(recipe.mixup, { seed, epoch, step }, indices);
      return {
        indices: [...indices],
        mixing: mixing && { share: mixing.share, partners: [...mixing.partners] },
      };
    });
  });
}

const cases = Object.entries({ ...tracedRecipes, ...tracedNetworks, 'a network with ReLUs': tracedReluRecipe }).map(
  ([name, changes]) => {
    const run = sampleRun(index, changes);
    const { classWeights } = lossSettings(run.recipe, index.classes, train.labels);
    return { name, recipe: run.recipe, classWeights, weights: initialWeights(run), steps: stepsOf(run) };
  },
);
const splits = { train, validation };
process.stdout.write(
  JSON.stringify({
    cases,
    splits: Object.fromEntries(
      Object.entries(splits).map(([name, { images, labels }]) => [name, { images: [...images], labels: [...labels] }]),
    ),
    imageShape: index.imageShape,
    classes: index.classes,
    means: index.channelMeans,
    deviations: index.channelStandardDeviations,
  }),
);
