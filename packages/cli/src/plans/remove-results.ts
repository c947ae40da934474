import { type Plan, resultKeys, type StageName, stages, stageWork, type Store } from '@bakeoff/core';

/** For --force: removes what stages have written for a plan, and what depends on it, so that it is written again. */
export async function removeResults(
  store: Store,
  plan: Pick<Plan, 'planId' | 'runs' | 'datasets'>,
  forced: readonly StageName[],
): Promise<void> {
  const replaced = new Set(forced.flatMap((stage) => [stage, ...stages[stage].replaces]));
  for (const work of [...replaced].flatMap((stage) => stageWork(stage, plan))) {
    const found: string[] = [];
    for (const { folder } of resultKeys(work)) for await (const { key } of store.list(folder)) found.push(key);
    // Markers are removed first: while a marker exists, what it names must exist too.
    const isMarker = (key: string): boolean => key.endsWith(`/${stages[work.stage].results?.marker}`);
    found.sort((a, b) => Number(isMarker(b)) - Number(isMarker(a)));
    for (const key of found) await store.delete(key);
  }
}
