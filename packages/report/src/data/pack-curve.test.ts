import { encodeSafetensors } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { decodeFloats } from '../charts/curves/series.ts';
import { bucketize, bucketsFor, packCurve } from './pack-curve.ts';

describe('bucketize', () => {
  it('keeps every spike in the extremes and the true mean of each range', () => {
    const values = new Float32Array(30_000).fill(1);
    values[12_345] = 100;
    values[20_001] = -7;
    const { mean, low, high } = bucketize(values, 150);
    expect(Math.max(...high)).toBe(100);
    expect(Math.min(...low)).toBe(-7);
    expect(mean[Math.floor((12_345 * 150) / 30_000)]).toBeCloseTo(1 + 99 / 200, 5);
  });

  it('equals the values if there is a bucket for each', () => {
    const values = Float32Array.of(3, 1, 4, 1.5);
    expect(bucketize(values, 4)).toEqual({ mean: values, low: values, high: values });
  });

  it('leaves a gap where a loss was not a number, and keeps its neighbors\u2019 extremes', () => {
    const { mean, low, high } = bucketize(Float32Array.of(1, 2, 3, Number.NaN), 2);
    expect([...mean]).toEqual([1.5, Number.NaN]);
    expect([...low]).toEqual([1, 3]);
    expect([...high]).toEqual([2, 3]);
  });
});

describe('packCurve', () => {
  it('packs a history so that decoding gives float32 values back exactly', () => {
    const loss = Float32Array.from({ length: 7 }, (_, i) => 1 / (i + 3));
    const file = encodeSafetensors({ loss: { shape: [7], data: loss }, accuracy: { shape: [7], data: loss } });
    const curve = packCurve(file, 'history', 600)!;
    expect(curve).toMatchObject({ buckets: 7, steps: 7 });
    expect(decodeFloats(curve.loss.mean)).toEqual(loss);
  });

  it('is null without a step', () => {
    const empty = { shape: [0], data: new Float32Array(0) };
    expect(packCurve(encodeSafetensors({ loss: empty, accuracy: empty }), 'history', 600)).toBeNull();
  });

  it('gives fewer buckets to more runs, never fewer than a curve needs', () => {
    expect([bucketsFor(1), bucketsFor(20), bucketsFor(1000), bucketsFor(100_000)]).toEqual([600, 600, 120, 100]);
  });
});
