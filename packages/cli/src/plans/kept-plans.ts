import { mapConcurrently, type Plan, planSchema, prefixes, readJson, type Store, UserError } from '@bakeoff/core';

/** Plans that are read unless all are asked for; older ones of a store are not looked at. */
const MOST_PLANS = 30;
const READS_AT_ONCE = 16;

/** The newest plans in a store, the newest one first. A plan that this version of Bakeoff cannot read is left out. */
export async function readKeptPlans(store: Store, most = MOST_PLANS): Promise<Plan[]> {
  const entries: { readonly key: string; readonly modifiedMs: number }[] = [];
  for await (const entry of store.list(prefixes.plans)) if (entry.key.endsWith('/plan.json')) entries.push(entry);
  const newest = entries.sort((a, b) => b.modifiedMs - a.modifiedMs).slice(0, most);
  const plans = await mapConcurrently(newest, READS_AT_ONCE, ({ key }) => readable(store, key));
  return plans.filter((plan) => plan !== undefined);
}

async function readable(store: Store, key: string): Promise<Plan | undefined> {
  try {
    return await readJson(store, key, planSchema);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
