import { loadEngine } from '@bakeoff/engine';
import { memory, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { lossSettings, TrainingLoss } from './training-loss.ts';

const CLASSES = ['cat', 'dog', 'newt'];

/** Scores of outputs for two images of classes 0 and 1; nothing else may stay in memory. */
const scored = (outputs: number[][], mixing: Parameters<TrainingLoss['score']>[1]['mixing'], smoothing = 0) => {
  const before = memory().numTensors;
  const loss = new TrainingLoss(Uint8Array.of(0, 1), { labelSmoothing: smoothing, classWeights: null });
  const logits = tensor2d(outputs);
  const scores = loss.score(logits, { indices: Int32Array.of(0, 1), mixing });
  const result = {
    losses: [...scores.losses.dataSync()],
    correct: [...scores.correct.dataSync()],
    dLogits: [...scores.dLogits.dataSync()],
  };
  for (const tensor of [logits, ...Object.values(scores)]) tensor.dispose();
  expect(memory().numTensors).toBe(before);
  return result;
};

describe('the settings of a loss', () => {
  it('give a class that is not named weight 1', () => {
    expect(
      lossSettings({ labelSmoothing: 0, classWeights: { dog: 2 } }, [...CLASSES, 'constructor'], new Uint8Array())
        .classWeights,
    ).toEqual([1, 2, 1, 1]);
  });

  it('balance by images of a class; a class without any has no weight', () => {
    const labels = Uint8Array.of(0, 0, 0, 1);
    expect(lossSettings({ labelSmoothing: 0, classWeights: 'balanced' }, CLASSES, labels).classWeights).toEqual([
      4 / 6,
      2,
      0,
    ]);
  });
});

describe('the training loss', () => {
  beforeAll(() => loadEngine('wasm'));

  it('counts an answer to a mixed image by the share of its class', () => {
    const mixing = { share: 0.75, partners: Int32Array.of(1, 1) };
    const { correct } = scored(
      [
        [0, 3],
        [0, 3],
      ],
      mixing,
    );
    expect(correct).toEqual([0.25, 1]);
  });

  it('spreads smoothed labels over all outputs, also those that are no class', () => {
    const { losses, dLogits } = scored(
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      null,
      0.2,
    );
    for (const loss of losses) expect(loss).toBeCloseTo(Math.log(4), 6);
    // (softmax − target) / batch
    expect(dLogits.slice(0, 4).map((value) => Math.round(1e6 * value))).toEqual([-300000, 100000, 100000, 100000]);
  });
});
