import { loadEngine } from '@bakeoff/engine';
import { memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { measureStepPace } from './step-pace.ts';

it('measures the time of an image in training steps and predictions, and leaves no tensor behind', async () => {
  const engine = await loadEngine('wasm');
  const model = {
    type: 'resnet',
    blocks: [1],
    channels: [4],
    firstChannels: 4,
    shortcut: 'A',
    batchNorm: true,
    dropout2d: 0,
  };
  const before = memory().numTensors;
  let readings = 0;
  // Each reading is a second after the one before: two calls are measured, which took two seconds.
  const pace = await measureStepPace({ model, batchSize: 4, engine, elapsedSeconds: () => ++readings });
  expect(pace).toEqual({ trainingSeconds: 1 / 4, predictionSeconds: 1 / 32 });
  expect(memory().numTensors).toBe(before);
});
