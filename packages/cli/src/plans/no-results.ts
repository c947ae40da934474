import { keys, mapConcurrently, type Plan, type Store, UserError } from '@bakeoff/core';
import { displayUrl } from './display-url.ts';
import { distantStores, likelyStores, searchStores } from './find-stores.ts';

const READS_AT_ONCE = 32;
const STORES_SHOWN = 3;

interface Place {
  readonly url: string;
  /** Runs of the plan that are trained there. */
  readonly trained: number;
}

/** @throws UserError if no run of a plan is trained in a store */
export async function requireResults(plan: Plan, store: Store): Promise<void> {
  if ((await countTrained(store, plan)).trained === 0) throw await noResults(plan, store);
}

/** For a report of a plan of which nothing is trained in its store: says so, and where there are results. */
export async function noResults(plan: Plan, store: Store): Promise<UserError> {
  const urls = [...new Set([...(await likelyStores({})), ...(await distantStores())])];
  const places = (
    await searchStores(
      urls,
      async (other) => [await countTrained(other, plan)],
      () => undefined,
    )
  )
    .filter(({ url, trained }) => trained > 0 && url !== store.url)
    .slice(0, STORES_SHOWN);
  const here = displayUrl(store.url);
  const total = plan.runs.length;
  return new UserError({
    what: `there are no results of ${plan.name} to report in ${here}`,
    received: total === 1 ? 'its run is not trained there' : `none of its ${total} runs is trained there`,
    allowed:
      places.length === 0
        ? 'a store with at least one trained run of this manifest'
        : places.map(({ url, trained }) => `${displayUrl(url)} (${trained} of ${total} trained)`).join(', '),
    fix:
      places.length === 0
        ? `train it first: bakeoff run ${plan.manifest.fileName}; or name the store that has the results with --out or --store`
        : `name the store that has them: ${storeOption(places[0]!.url)}`,
  });
}

function storeOption(url: string): string {
  return `${url.startsWith('s3:') ? '--store' : '--out'} ${displayUrl(url)}`;
}

async function countTrained(store: Store, { runs }: Plan): Promise<Place> {
  const records = await mapConcurrently(runs, READS_AT_ONCE, ({ runId }) =>
    store.getRange(keys.runRecord(runId), 0, 1),
  );
  return { url: store.url, trained: records.filter((record) => record !== undefined).length };
}
