import type { StoreOptions } from '../plans/store-url.ts';

/** Where a command reads that finds its store by itself if none is named. */
export function inStore({ store, out }: StoreOptions): string {
  return `in ${store ?? out ?? 'the store that was written to last from this folder'}`;
}
