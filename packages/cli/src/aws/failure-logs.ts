import { keys, mapConcurrently, readRunFailures, type RunFailure, type Store } from '@bakeoff/core';

const READS_AT_ONCE = 16;

/**
 * The newest recorded failure of each run whose id begins with a prefix. Batch forgets jobs about seven days after they
 * end, but these records know where CloudWatch keeps their logs.
 * @param executionIds The newest first.
 */
export async function findFailedRuns(
  store: Store,
  executionIds: readonly string[],
  prefix: string,
): Promise<RunFailure[]> {
  const found = new Map<string, RunFailure>();
  const failures = await mapConcurrently(executionIds, READS_AT_ONCE, async (executionId) => {
    for await (const _ of store.list(`${keys.executionFailures(executionId)}${prefix}`))
      return [...(await readRunFailures(store, executionId)).values()].filter(({ runId }) => runId.startsWith(prefix));
    return [];
  });
  for (const failure of failures.flat()) if (!found.has(failure.runId)) found.set(failure.runId, failure);
  return [...found.values()];
}
