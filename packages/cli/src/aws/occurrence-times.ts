import { keys, type Store } from '@bakeoff/core';

/** As EventBridge Scheduler writes the time for which it fires: 2026-02-02T09:00:00Z. */
const OCCURRENCE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)\.json$/;

/** When a schedule ran, as its occurrences are named, in milliseconds since 1970, the oldest first. */
export async function readOccurrenceTimes(store: Store, scheduleId: string): Promise<number[]> {
  const prefix = keys.scheduleOccurrences(scheduleId);
  const times: number[] = [];
  for await (const { key } of store.list(prefix)) {
    const time = OCCURRENCE.exec(key.slice(prefix.length))?.[1];
    if (time !== undefined) times.push(Date.parse(time));
  }
  return times.sort((a, b) => a - b);
}
