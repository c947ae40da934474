import { checkStoreKey, checkStorePrefix } from './store-key.ts';
import type { Clock } from './types/context.ts';
import type { Store, StoreEntry } from './types/store.ts';

/** Objects in this process's memory, for tests and experiments; `memory:` opens an empty store. */
export class MemoryStore implements Store {
  readonly url = 'memory:';
  private readonly objects = new Map<string, { readonly body: Uint8Array; readonly modifiedMs: number }>();

  /** @param clock Dates the objects; absent: they are as old as can be. */
  constructor(private readonly clock: Pick<Clock, 'nowMs'> = { nowMs: () => 0 }) {}

  async get(key: string): Promise<Uint8Array | undefined> {
    checkStoreKey(key);
    return this.objects.get(key)?.body.slice();
  }

  async getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    checkStoreKey(key);
    return this.objects.get(key)?.body.slice(start, Math.max(start, end));
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    checkStoreKey(key);
    this.set(key, body);
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    checkStoreKey(key);
    if (this.objects.has(key)) return false;
    this.set(key, body);
    return true;
  }

  async *list(prefix: string): AsyncIterable<StoreEntry> {
    checkStorePrefix(prefix);
    const found = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    // Without a comparator, sort uses UTF-16 code units, as the interface requires.
    for (const key of found.sort()) {
      const found = this.objects.get(key);
      if (found !== undefined) yield { key, bytes: found.body.length, modifiedMs: found.modifiedMs };
    }
  }

  async delete(key: string): Promise<void> {
    checkStoreKey(key);
    this.objects.delete(key);
  }

  private set(key: string, body: Uint8Array): void {
    this.objects.set(key, { body: Uint8Array.from(body), modifiedMs: this.clock.nowMs() });
  }
}
