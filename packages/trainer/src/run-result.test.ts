import { decodeSafetensors, type EpochRow, keys, MemoryStore, type SafeTensor, sha256 } from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { describe, expect, it } from 'vitest';
import { readRunRecord, type TrainingResult, writeRunResult } from './run-result.ts';
import { StepHistory } from './step-history.ts';
import { sampleRun } from './testing/sample-run.ts';

const RUN = sampleRun({ datasetId: 'd'.repeat(16) });
const weights = (value: number): Record<string, SafeTensor> => ({
  'fc.weight': { shape: [1], data: Float32Array.of(value) },
});
const epoch = (number: number, validationLoss: number): EpochRow => ({
  epoch: number,
  step: number,
  trainLoss: 1,
  trainAccuracy: 0.5,
  validationLoss,
  validationAccuracy: 0.5,
  learningRate: 0.1,
});

function sampleResult(changes: Partial<TrainingResult> = {}): TrainingResult {
  const history = new StepHistory();
  history.append({ loss: 1, accuracy: 0.5, learningRate: 0.1 });
  return {
    stopReason: 'maxEpochs',
    epochs: [epoch(1, 2), epoch(2, 1), epoch(3, 1.5)],
    history,
    imagesSeen: 12,
    best: weights(1),
    ...changes,
  };
}

async function filesOf(store: MemoryStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list('')) found.push(key);
  return found;
}

describe('writeRunResult', () => {
  it('writes what the record names, with correct digests', async () => {
    const store = new MemoryStore();
    const record = await writeRunResult(store, RUN, sampleResult());
    expect(record).toMatchObject({
      status: 'finished',
      stopReason: 'maxEpochs',
      bestEpoch: 2,
      steps: 1,
      imagesSeen: 12,
    });
    for (const file of [record.model, record.history]) {
      const body = await storedBytes(store, file!.key);
      expect({ bytes: body.length, sha256: sha256(body) }).toEqual({ bytes: file?.bytes, sha256: file?.sha256 });
    }
    expect(decodeSafetensors(await storedBytes(store, record.model!.key))).toEqual({
      tensors: weights(1),
      metadata: { runId: RUN.runId, epoch: '2' },
    });
    expect(await readRunRecord(store, RUN.runId)).toEqual(record);
  });

  it('has neither a model nor a best epoch if the run diverged in its first epoch', async () => {
    const record = await writeRunResult(
      new MemoryStore(),
      RUN,
      sampleResult({ stopReason: 'diverged', epochs: [], best: null }),
    );
    expect(record).toMatchObject({ status: 'diverged', bestEpoch: null, model: null });
  });

  it("returns the winner's record of a race and removes its own files", async () => {
    const store = new MemoryStore();
    const winner = await writeRunResult(store, RUN, sampleResult());
    const before = await filesOf(store);
    expect(await writeRunResult(store, RUN, sampleResult({ best: weights(2) }))).toEqual(winner);
    expect(await filesOf(store)).toEqual(before);
  });

  it("keeps the winner's files if both trained to the same bytes", async () => {
    const store = new MemoryStore();
    const winner = await writeRunResult(store, RUN, sampleResult());
    await writeRunResult(store, RUN, sampleResult());
    expect(await filesOf(store)).toEqual([winner.history.key, winner.model?.key, keys.runRecord(RUN.runId)]);
  });

  it('leaves no marker if the model cannot be written', async () => {
    class FullStore extends MemoryStore {
      override put(): Promise<void> {
        return Promise.reject(new Error('full'));
      }
    }
    const store = new FullStore();
    await expect(writeRunResult(store, RUN, sampleResult())).rejects.toThrow('full');
    expect(await readRunRecord(store, RUN.runId)).toBeUndefined();
  });
});
