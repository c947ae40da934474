import { decodeSafetensors, encodeSafetensors, type SafeTensor } from '@bakeoff/core';
import type { SplitPredictions } from '@bakeoff/statistics/predictions';

/**
 * Predictions as safetensors: `logits` float32 [n, classes], `labels` uint8 [n], `ids` int32 [n]; for a network with
 * more outputs than classes also `otherTop` float32 [n, k], `otherLogSumExp` and `otherLogSumExpOfDoubles` float64 [n]
 * (see OtherOutputs).
 */
export function encodePredictions(predictions: SplitPredictions): Uint8Array {
  const { count, classes, logits, labels, ids, others } = predictions;
  // The widest numbers come first, so that every tensor is aligned.
  const tensors: Record<string, SafeTensor> = {};
  if (others !== null) {
    tensors.otherLogSumExp = { shape: [count], data: others.logSumExp };
    tensors.otherLogSumExpOfDoubles = { shape: [count], data: others.logSumExpOfDoubles };
    tensors.otherTop = { shape: [count, others.topColumns], data: others.top };
  }
  tensors.logits = { shape: [count, classes], data: logits };
  tensors.ids = { shape: [count], data: ids };
  tensors.labels = { shape: [count], data: labels };
  return encodeSafetensors(tensors);
}

/** The inverse of {@link encodePredictions}; `name` is for messages. */
export function decodePredictions(file: Uint8Array, name: string): SplitPredictions {
  const { tensors } = decodeSafetensors(file, name);
  const { logits, labels, ids, otherTop, otherLogSumExp, otherLogSumExpOfDoubles } = tensors as Record<
    string,
    SafeTensor
  > &
    Record<'logits' | 'labels' | 'ids', SafeTensor>;
  const [count, classes] = logits.shape as [number, number];
  const others =
    otherTop === undefined
      ? null
      : {
          top: otherTop.data as Float32Array,
          topColumns: otherTop.shape[1]!,
          logSumExp: otherLogSumExp?.data as Float64Array,
          logSumExpOfDoubles: otherLogSumExpOfDoubles?.data as Float64Array,
        };
  return {
    count,
    classes,
    logits: logits.data as Float32Array,
    labels: labels.data as Uint8Array,
    ids: ids.data as Int32Array,
    others,
  };
}
