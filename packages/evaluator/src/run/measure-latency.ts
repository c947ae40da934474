import type { Clock, EvaluationMeasurement } from '@bakeoff/core';
import { median } from '@bakeoff/statistics';
import type { EngineImages } from '@bakeoff/model';
import { type BatchPredictor, gatherViews, predictBatch } from './predict-batch.ts';
import type { TestTimeView } from './test-time-views.ts';

const BATCH_SIZES = [1, 128];
const MOST_REPETITIONS = 30;
/** An engine may record the first prediction, and compile what it recorded at the second. */
const WARM_UPS = 2;
/** For each batch size, after a warm-up; at least one repetition is measured. */
const BUDGET_MS = 250;

/**
 * Measures the time from normalized images on the engine to logits in this process. Repeats the split's images if it
 * has fewer than the batch.
 */
export async function measureLatency(
  predictor: BatchPredictor,
  images: EngineImages,
  count: number,
  views: readonly TestTimeView[],
  clock: Clock,
): Promise<EvaluationMeasurement['latency']> {
  const rows: EvaluationMeasurement['latency'][number][] = [];
  for (const batchSize of BATCH_SIZES) {
    const indices = Int32Array.from({ length: batchSize }, (_, i) => i % count);
    for (let i = 0; i < WARM_UPS; i++) await predictBatch(predictor, gatherViews(images, indices, views), views);
    const times: number[] = [];
    const startMs = clock.elapsedMs();
    while (times.length === 0 || (times.length < MOST_REPETITIONS && clock.elapsedMs() - startMs < BUDGET_MS)) {
      const batches = gatherViews(images, indices, views);
      const fromMs = clock.elapsedMs();
      await predictBatch(predictor, batches, views);
      times.push(clock.elapsedMs() - fromMs);
    }
    const medianMs = median(times);
    rows.push({
      batchSize,
      medianMs,
      imagesPerSecond: medianMs === 0 ? 0 : (1000 * batchSize) / medianMs,
      repetitions: times.length,
    });
  }
  return rows;
}
