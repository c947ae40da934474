import { mapConcurrently, prefixes, type Store } from '@bakeoff/core';
import type { Removal } from './removable.ts';

const DELETES_AT_ONCE = 16;

/**
 * Removes what two searches both found. A record goes before what it names, so that nothing is ever trusted that is not
 * whole, and plans go last, so that the same command finishes an interrupted removal.
 */
export async function removeFolders(
  store: Store,
  removals: readonly Removal[],
  announced: readonly Removal[],
): Promise<{ readonly objects: number; readonly bytes: number }> {
  const known = new Set(announced.flatMap(({ keys }) => keys));
  const agreed = removals.filter(({ keys }) => keys.every((key) => known.has(key)));
  const [plans, results] = [true, false].map((isPlan) =>
    agreed.filter(({ folder }) => folder.startsWith(prefixes.plans) === isPlan),
  ) as [Removal[], Removal[]];
  for (const part of [results, plans]) {
    const keys = part.flatMap((removal) => removal.keys);
    const records = keys.filter((key) => key.endsWith('.json'));
    const others = keys.filter((key) => !key.endsWith('.json'));
    for (const group of [records, others]) await mapConcurrently(group, DELETES_AT_ONCE, (key) => store.delete(key));
  }
  return {
    objects: agreed.reduce((sum, { keys }) => sum + keys.length, 0),
    bytes: agreed.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
