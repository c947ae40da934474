import { keys } from '../keys.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { evaluationIds } from '../plan/planned-evaluations.ts';
import { readJson } from '../records/json-records.ts';
import type { PlannedRun } from '../records/plan-records.ts';
import { runRecordSchema } from '../records/run-records.ts';
import type { Store } from '../types/store.ts';

/** Concurrent requests: 10,000 runs on S3 take about ten seconds. */
const REQUESTS_AT_ONCE = 64;

/**
 * The runs that are not evaluated yet, in their order. A run that diverged before it had weights to evaluate has
 * nothing left to do.
 */
export async function findPendingRuns(store: Store, runs: readonly PlannedRun[]): Promise<PlannedRun[]> {
  const pending = await mapConcurrently(runs, REQUESTS_AT_ONCE, async (run) => {
    const evaluated = evaluationIds(run).map((id) => store.getRange(keys.evaluationRecord(id), 0, 1));
    if ((await Promise.all(evaluated)).every((found) => found !== undefined)) return false;
    return (await readJson(store, keys.runRecord(run.runId), runRecordSchema))?.model !== null;
  });
  return runs.filter((_, i) => pending[i]);
}
