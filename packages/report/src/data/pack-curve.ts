import { decodeSafetensors } from '@bakeoff/core';
import type { PackedCurve } from './report-data.ts';

interface Buckets {
  readonly mean: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/**
 * Mean, minimum and maximum of `values` in equal ranges. The extremes of a range ignore NaN and infinities, but its
 * mean does not, so that a divergence stays visible as a gap.
 */
export function bucketize(values: Float32Array, buckets: number): Buckets {
  const result: Buckets = {
    mean: new Float32Array(buckets),
    low: new Float32Array(buckets),
    high: new Float32Array(buckets),
  };
  for (let b = 0; b < buckets; b++) {
    const from = Math.floor((b * values.length) / buckets);
    const to = Math.floor(((b + 1) * values.length) / buckets);
    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      sum += value;
      if (value < low) low = value;
      if (value > high && value !== Infinity) high = value;
    }
    result.mean[b] = Number.isFinite(sum) ? sum / (to - from) : Number.NaN;
    result.low[b] = Number.isFinite(low) ? low : Number.NaN;
    result.high[b] = Number.isFinite(high) ? high : Number.NaN;
  }
  return result;
}

const toBase64 = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

function pack(values: Float32Array, buckets: number): PackedCurve['loss'] {
  const { mean, low, high } = bucketize(values, buckets);
  return { mean: toBase64(mean), low: toBase64(low), high: toBase64(high) };
}

/**
 * Packs a run's step history (safetensors with `loss` and `accuracy` float32 [n]) into at most `maxBuckets` ranges of
 * steps.
 */
export function packCurve(history: Uint8Array, name: string, maxBuckets: number): PackedCurve | null {
  const { tensors } = decodeSafetensors(history, name);
  const loss = tensors['loss']?.data;
  const accuracy = tensors['accuracy']?.data;
  if (!(loss instanceof Float32Array) || !(accuracy instanceof Float32Array)) return null;
  return packSteps(loss, accuracy, maxBuckets);
}

/** The same of the steps themselves: `loss` and `accuracy` float32 [n]; null without steps. */
export function packSteps(loss: Float32Array, accuracy: Float32Array, maxBuckets: number): PackedCurve | null {
  if (loss.length === 0) return null;
  const buckets = Math.min(maxBuckets, loss.length);
  return { buckets, steps: loss.length, loss: pack(loss, buckets), accuracy: pack(accuracy, buckets) };
}

/** Buckets that a run may have so that the curves of all runs take less than about 5 MB of the page. */
export function bucketsFor(runs: number): number {
  return Math.max(100, Math.min(600, Math.floor(120_000 / Math.max(1, runs))));
}
