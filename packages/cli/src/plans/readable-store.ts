import { prefixes, type Store } from '@bakeoff/core';
import { likelyStores } from './find-stores.ts';
import { openStore } from './open-store.ts';
import { DEFAULT_STORE, type StoreOptions } from './store-url.ts';

/**
 * The store that a command reads: the one that is named, or else the first that holds a plan of those that commands
 * wrote to from this folder, the latest first, ./out and the folders in it.
 */
export async function readableStore(options: StoreOptions): Promise<Store> {
  for (const url of await likelyStores(options)) {
    const store = await openStore(url);
    for await (const _ of store.list(prefixes.plans)) return store;
  }
  return openStore(options.store ?? options.out ?? DEFAULT_STORE);
}
