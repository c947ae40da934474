import type { SafeTensor } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { StepHistory } from './step-history.ts';

const tensor = (...values: readonly number[]): SafeTensor => ({
  shape: [values.length],
  data: Float32Array.from(values),
});

function sampleCheckpoint(): Checkpoint {
  const history = new StepHistory();
  history.append({ loss: 2.3, accuracy: 0.25, learningRate: 2e-4 });
  history.append({ loss: 2.1, accuracy: 0.5, learningRate: 2e-4 });
  return {
    runId: '0123456789abcdef',
    step: 2,
    rounding: 'fused',
    epochs: [
      {
        epoch: 1,
        step: 1,
        trainLoss: 0.1 + 0.2,
        trainAccuracy: 1 / 3,
        validationLoss: Math.PI,
        validationAccuracy: 0.3,
        learningRate: 2e-4,
      },
    ],
    sums: { images: 4, loss: 8.4000000001, correct: 2 },
    network: { 'conv1.weight': tensor(1, -0, 3e-41), 'bn1.running_mean': tensor(0.5) },
    optimizer: { 'm.conv1.weight': tensor(1, 2, 3) },
    average: { 'conv1.weight': tensor(4) },
    best: { 'conv1.weight': tensor(0, 1, 2) },
    history: history.tensors(),
  };
}

function whole(file: Uint8Array): Checkpoint {
  const decoded = decodeCheckpoint(file, sampleCheckpoint().runId);
  if ('fault' in decoded) throw new Error(decoded.fault);
  return decoded.checkpoint;
}

describe('checkpoint', () => {
  it('is restored bit for bit', () => {
    const checkpoint = sampleCheckpoint();
    const file = encodeCheckpoint(checkpoint);
    const decoded = whole(file);
    expect(decoded).toEqual(checkpoint);
    expect(encodeCheckpoint(decoded)).toEqual(file);
    expect(Object.is(decoded.network['conv1.weight']?.data[1], -0)).toBe(true);
  });

  it('of an earlier version, which does not name its rounding, is read', () => {
    const { rounding: _, ...earlier } = sampleCheckpoint();
    expect(whole(encodeCheckpoint(earlier))).toEqual(earlier);
  });

  it('has no best weights before an epoch has ended', () => {
    const checkpoint = { ...sampleCheckpoint(), epochs: [], best: null };
    expect(whole(encodeCheckpoint(checkpoint)).best).toBeNull();
  });

  it('detects a change of any one byte, and any truncation', () => {
    const { runId } = sampleCheckpoint();
    const file = encodeCheckpoint(sampleCheckpoint());
    for (let at = 0; at < file.length; at++) {
      const damaged = file.slice();
      damaged[at] = damaged[at]! ^ 0x10;
      expect(decodeCheckpoint(damaged, runId), `byte ${at}`).toHaveProperty('fault');
      expect(decodeCheckpoint(file.subarray(0, at), runId), `cut at ${at}`).toHaveProperty('fault');
    }
  });

  it("refuses another run's checkpoint", () => {
    expect(decodeCheckpoint(encodeCheckpoint(sampleCheckpoint()), 'fedcba9876543210')).toEqual({
      fault: 'it belongs to run 0123456789abcdef',
    });
  });
});
