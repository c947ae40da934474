import { MemoryStore, type StageContext, type StageEvent } from '@bakeoff/core';

/** A stage's context over an empty store in memory, with the events that the stage reported. */
export function testContext(
  store: StageContext['store'] = new MemoryStore(),
): StageContext & { readonly events: StageEvent[]; readonly abort: () => void } {
  const events: StageEvent[] = [];
  const controller = new AbortController();
  return {
    store,
    log: (event) => void events.push(event),
    signal: controller.signal,
    clock: { nowMs: () => 0, elapsedMs: () => 0 },
    events,
    abort: () => controller.abort(),
  };
}

/** Keys of everything in a store. */
export async function keysOf(store: StageContext['store']): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
}
