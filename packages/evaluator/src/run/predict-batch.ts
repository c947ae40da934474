import type { EngineImages, Predictor } from '@bakeoff/model';

/** Logits [n, outputs] of a batch, which is disposed. */
export async function predictBatch(
  predictor: Predictor,
  batch: ReturnType<EngineImages['batch']>,
): Promise<Float32Array> {
  const logits = predictor.predict(batch);
  batch.dispose();
  try {
    return Float32Array.from(await logits.data());
  } finally {
    logits.dispose();
  }
}
