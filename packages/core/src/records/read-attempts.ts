import { keys } from '../keys.ts';
import type { Store } from '../types/store.ts';
import { readRecords } from './json-records.ts';
import { type TrainingMeasurement, trainingMeasurementSchema } from './measurement-records.ts';

/** What the attempts at a training have measured, in the order in which they began. */
export async function readAttempts(store: Store, runId: string): Promise<TrainingMeasurement[]> {
  const attempts = await readRecords(store, keys.runMeasurements(runId), trainingMeasurementSchema);
  return attempts.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
}
