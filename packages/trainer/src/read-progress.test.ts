import { keys, MemoryStore } from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, encodeCheckpoint } from './checkpoint.ts';
import { readProgress } from './read-progress.ts';
import { StepHistory } from './step-history.ts';

const RUN = '0123456789abcdef';

function checkpointAt(step: number, runId = RUN): Checkpoint {
  const history = new StepHistory();
  for (let i = 1; i <= step; i++) history.append({ loss: 1 / i, accuracy: i / 100, learningRate: 0.1 });
  const row = { epoch: 1, step: 3, trainLoss: 1, trainAccuracy: 0.5, validationLoss: 2, validationAccuracy: 0.4 };
  return {
    runId,
    step,
    epochs: [{ ...row, learningRate: 0.1 }],
    sums: { images: 0, loss: 0, correct: 0 },
    network: { weight: { shape: [1000], data: new Float32Array(1000) } },
    optimizer: {},
    average: {},
    best: { weight: { shape: [1000], data: new Float32Array(1000) } },
    history: history.tensors(),
  };
}

async function storeWith(...attempts: readonly (readonly [string, Checkpoint])[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const [attempt, checkpoint] of attempts)
    await store.put(keys.checkpoint(RUN, attempt, checkpoint.step), encodeCheckpoint(checkpoint));
  return store;
}

describe('readProgress', () => {
  it('reads epochs and steps of the newest checkpoint of any attempt', async () => {
    const store = await storeWith(['b', checkpointAt(5)], ['a', checkpointAt(7)]);
    const progress = await readProgress(store, RUN);
    expect(progress).toMatchObject({ key: keys.checkpoint(RUN, 'a', 7), steps: 7 });
    expect(progress!.epochs.map(({ validationAccuracy }) => validationAccuracy)).toEqual([0.4]);
    expect(progress!.loss).toEqual(Float32Array.from([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 1 / 7]));
    expect(progress!.accuracy[6]).toBeCloseTo(0.07);
    expect(await readProgress(store, RUN, progress)).toBe(progress);
  });

  it('passes over what is damaged, cut short or of another run', async () => {
    const store = await storeWith(['a', checkpointAt(5)], ['b', checkpointAt(9, 'fedcba9876543210')]);
    const whole = await storedBytes(store, keys.checkpoint(RUN, 'a', 5));
    await store.put(keys.checkpoint(RUN, 'c', 6), whole.subarray(0, 300));
    await store.put(keys.checkpoint(RUN, 'd', 8), whole.subarray(0, whole.length - 8));
    expect((await readProgress(store, RUN))?.steps).toBe(5);
  });

  it('finds nothing where nothing was written', async () => {
    expect(await readProgress(new MemoryStore(), RUN)).toBeUndefined();
  });
});
