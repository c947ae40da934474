import type { DatasetIndex, NormalizationConfig } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import { type LoadedSplit, pixelTransform, type Predictor } from '@bakeoff/model';

export type Batch = ReturnType<typeof kernels.gatherImages>;

/** A split's images on the engine, and batches of them normalised for the network. */
export class DeviceImages {
  private readonly images: ReturnType<typeof kernels.uploadImages>;
  private readonly pixels: ReturnType<typeof pixelTransform>;

  constructor(split: LoadedSplit, index: DatasetIndex, normalization: NormalizationConfig) {
    this.images = kernels.uploadImages(split.images, [split.count, ...index.imageShape]);
    this.pixels = pixelTransform(normalization, index);
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
