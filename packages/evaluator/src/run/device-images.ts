import type { DatasetIndex, NormalizationConfig } from '@bakeoff/core';
import { kernels, type LoadedSplit, type Predictor } from '@bakeoff/model';

export type Batch = ReturnType<typeof kernels.gatherImages>;

/** A split's images on the engine, and batches of them normalised for the network. */
export class DeviceImages {
  private readonly images: ReturnType<typeof kernels.uploadImages>;
  private readonly pixels: { readonly scale: number[]; readonly shift: number[] };

  constructor(split: LoadedSplit, { imageShape }: DatasetIndex, { mean, standardDeviation }: NormalizationConfig) {
    this.images = kernels.uploadImages(split.images, [split.count, ...imageShape]);
    // (pixel/255 − mean) / standardDeviation as one multiply and add.
    this.pixels = { scale: standardDeviation.map((deviation) => 1 / (255 * deviation)), shift: mean.map((value, channel) => -value / (standardDeviation[channel] as number)) };
  }

  /** float32 [indices.length, height, width, channels]; the caller disposes it. */
  batch(indices: Int32Array): Batch {
    return kernels.gatherImages(this.images, indices, this.pixels);
  }

  dispose(): void {
    this.images.dispose();
  }
}

/** Logits [n, outputs] of a batch, which is disposed. */
export async function predictBatch(predictor: Predictor, batch: Batch): Promise<Float32Array> {
  const logits = predictor.predict(batch);
  batch.dispose();
  try {
    return Float32Array.from(await logits.data());
  } finally {
    logits.dispose();
  }
}
