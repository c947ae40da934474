import type { EngineImages, Predictor } from '@bakeoff/model';
import type { TestTimeView } from './test-time-views.ts';

type Batch = ReturnType<EngineImages['batch']>;
export type BatchPredictor = Pick<Predictor, 'predict'>;

/** Images on the engine, normalized, in each of the views: what `predictBatch` takes. */
export function gatherViews(images: EngineImages, indices: Int32Array, views: readonly TestTimeView[]): Batch[] {
  return views.map(({ moves }) => images.batch(indices, moves === null ? null : repeated(moves, indices.length)));
}

function repeated(moves: Int32Array, images: number): Int32Array {
  const all = new Int32Array(images * moves.length);
  for (let i = 0; i < images; i++) all.set(moves, i * moves.length);
  return all;
}

/** Logits [n, outputs]: the weighted mean over the views, whose batches are disposed. */
export async function predictBatch(
  predictor: BatchPredictor,
  batches: readonly Batch[],
  views: readonly TestTimeView[],
): Promise<Float32Array> {
  const logits: Float32Array[] = [];
  for (const batch of batches) logits.push(await predictView(predictor, batch));
  const [first] = logits as [Float32Array, ...Float32Array[]];
  if (logits.length === 1) return first;
  return Float32Array.from(first, (_, i) =>
    views.reduce((sum, { weight }, view) => sum + weight * logits[view]![i]!, 0),
  );
}

async function predictView(predictor: BatchPredictor, batch: Batch): Promise<Float32Array> {
  const logits = predictor.predict(batch);
  batch.dispose();
  try {
    return Float32Array.from(await logits.data());
  } finally {
    logits.dispose();
  }
}
