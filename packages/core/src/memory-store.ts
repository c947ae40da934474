import { checkStoreKey, checkStorePrefix } from './store-key.ts';
import type { Store, StoreEntry } from './types/store.ts';

/** Objects in this process's memory, for tests and experiments; `memory:` opens an empty store. */
export class MemoryStore implements Store {
  readonly url = 'memory:';
  private readonly objects = new Map<string, Uint8Array>();

  async get(key: string): Promise<Uint8Array | undefined> {
    checkStoreKey(key);
    return this.objects.get(key)?.slice();
  }

  async getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    checkStoreKey(key);
    return this.objects.get(key)?.slice(start, Math.max(start, end));
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    checkStoreKey(key);
    this.objects.set(key, Uint8Array.from(body));
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    checkStoreKey(key);
    if (this.objects.has(key)) return false;
    this.objects.set(key, Uint8Array.from(body));
    return true;
  }

  async *list(prefix: string): AsyncIterable<StoreEntry> {
    checkStorePrefix(prefix);
    const found = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    // Without a comparator, sort uses UTF-16 code units, as the interface requires.
    for (const key of found.sort()) {
      const body = this.objects.get(key);
      if (body !== undefined) yield { key, bytes: body.length };
    }
  }

  async delete(key: string): Promise<void> {
    checkStoreKey(key);
    this.objects.delete(key);
  }
}
