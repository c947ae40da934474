import { evaluationId, type Plan, type StageName, type Store } from '@bakeoff/core';

/** What --force stands for: takes away what the stages have written for a plan, so that they write it again. */
export async function removeResults(
  store: Store,
  plan: Pick<Plan, 'planId' | 'runs' | 'datasets'>,
  stages: readonly StageName[],
): Promise<void> {
  const prefixes = [
    ...(stages.includes('data-prep') ? plan.datasets.map(({ datasetId }) => `datasets/${datasetId}/`) : []),
    ...(stages.includes('train') ? plan.runs.map(({ runId }) => `runs/${runId}/`) : []),
    ...(stages.includes('evaluate') ? plan.runs.map(({ runId }) => `evaluations/${evaluationId(runId)}/`) : []),
  ];
  for (const prefix of prefixes) {
    const found: string[] = [];
    for await (const { key } of store.list(prefix)) found.push(key);
    // Markers first: what they name must never be missing while they stand.
    found.sort((a, b) => Number(isMarker(b)) - Number(isMarker(a)));
    for (const key of found) await store.delete(key);
  }
}

const markers = new Set(['index.json', 'run.json', 'evaluation.json']);

function isMarker(key: string): boolean {
  return markers.has(key.split('/').at(-1) ?? '');
}
