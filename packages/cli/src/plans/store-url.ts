/** Where results are kept: `--store URL` and `--out DIR` are two names for one setting. */
export interface StoreOptions {
  readonly store?: string;
  readonly out?: string;
}

export const DEFAULT_STORE = './out';

export function storeUrl({ store, out }: StoreOptions): string {
  return store ?? out ?? DEFAULT_STORE;
}

/** When a command writes to its store. */
export type WritesStore = 'always' | 'whereNamed' | 'never';
