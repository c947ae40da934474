import type { Store } from '../types/store.ts';

/** What a store holds under a key. @throws Error that names the key where it holds nothing */
export async function storedBytes(store: Store, key: string): Promise<Uint8Array> {
  const body = await store.get(key);
  if (body === undefined) throw new Error(`${store.url} holds nothing under ${key}`);
  return body;
}
