import { keys, MemoryStore } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { readOccurrenceTimes } from './occurrence-times.ts';

it('counts the times at which a schedule ran, not the seeds that it has claimed', async () => {
  const store = new MemoryStore();
  const written = [
    keys.schedule('weekly-1'),
    keys.scheduleOccurrence('weekly-1', '2026-02-09T09:00:00Z'),
    keys.scheduleOccurrence('weekly-1', '2026-02-02T09:00:00Z'),
    keys.scheduleSeed('weekly-1', 1),
    keys.scheduleSeed('weekly-1', 2),
    keys.scheduleOccurrence('weekly-10', '2026-02-16T09:00:00Z'),
  ];
  for (const key of written) await store.put(key, new Uint8Array(1));
  expect(await readOccurrenceTimes(store, 'weekly-1')).toEqual([Date.UTC(2026, 1, 2, 9), Date.UTC(2026, 1, 9, 9)]);
});
