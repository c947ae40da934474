import {
  augmentationId,
  imageBytes,
  type ImageShape,
  MemoryStore,
  Random,
  type Recipe,
  type StageContext,
} from '@bakeoff/core';
import { prepareViews } from '@bakeoff/data-prep';
import { type EngineName, loadEngine } from '@bakeoff/engine';
import { EngineImages, loadView } from '@bakeoff/model';
import { expect, it } from 'vitest';
import { writeSampleDataset } from '../packages/trainer/src/testing/sample-dataset.ts';
import { sampleRun } from '../packages/trainer/src/testing/sample-run.ts';
import { openTrainingImages } from '../packages/trainer/src/training-images.ts';

const IMAGES = 120;
const PIXELS = { scale: [1, 1, 1], shift: [0, 0, 0] };
const VIEWS = 3;

const augmentation: NonNullable<Recipe['augmentation']> = {
  transforms: [
    { type: 'horizontalFlip', probability: 0.5 },
    { type: 'cutout', size: 5, overBorder: true, probability: 0.7 },
    { type: 'randomCrop', padding: 3, probability: 0.8 },
    { type: 'translate', pixels: 2, probability: 0.8 },
    { type: 'alternatingFlip' },
    { type: 'cutout', size: 3, overBorder: false, probability: 1 },
  ],
  views: VIEWS,
  seed: 4,
};

it.each(['wasm', 'cpu'] satisfies EngineName[])(
  "engine %s trains on the pixels of the views that data-prep draws, in its batches' order",
  async (engine) => {
    await loadEngine(engine);
    const store = new MemoryStore();
    const context: StageContext = {
      store,
      log: () => undefined,
      signal: new AbortController().signal,
      clock: { nowMs: () => 0, elapsedMs: () => 0 },
    };
    const index = await writeSampleDataset(store, { train: IMAGES, validation: 4 });
    const shape: ImageShape = index.imageShape;
    // Data preparation does not write these views for a plan; it can, to be compared with.
    await prepareViews({ index, augmentation }, context);
    const training = await openTrainingImages(store, index, sampleRun(index, { augmentation, maxEpochs: 5 }));
    let images: EngineImages | undefined;
    const size = imageBytes(shape);
    for (const epoch of [1, 2, 3, 4]) {
      const bytes = await training.forEpoch(epoch);
      expect(bytes === null).toBe(epoch > 1);
      if (bytes !== null) images = new EngineImages(bytes, [IMAGES, ...shape], PIXELS);
      const order = new Random(1).split(epoch).permutation(IMAGES);
      const batch = images!.batch(order, training.movesOf(order));
      const view = await loadView(store, index, augmentationId(augmentation), ((epoch - 1) % VIEWS) + 1);
      const expected = order.reduce<number[]>(
        (all, at) => all.concat(...view.subarray(at * size, (at + 1) * size)),
        [],
      );
      expect(Buffer.compare(Uint8Array.from(batch.dataSync()), Uint8Array.from(expected)), `epoch ${epoch}`).toBe(0);
      batch.dispose();
    }
    images?.dispose();
  },
);
