import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { StageContext, Store } from '@bakeoff/core';
import { knownStores } from './known-stores.ts';
import { openStore } from './open-store.ts';
import { DEFAULT_STORE, type StoreOptions } from './store-url.ts';

/**
 * Where results may be, the likeliest first: the store that was named, and no other; otherwise those that commands wrote to
 * from this folder, the latest first, ./out and the folders in it.
 */
export async function likelyStores(options: StoreOptions): Promise<string[]> {
  const named = options.store ?? options.out;
  if (named !== undefined) return [named];
  const here = process.cwd();
  const known = (await knownStores()).filter(({ folder }) => folder === here).map(({ url }) => url);
  return [...new Set([...known, ...(await outFolders())])];
}

/** Where results may be that were not written from this folder. */
export async function distantStores(): Promise<string[]> {
  const here = process.cwd();
  const known = (await knownStores()).filter(({ folder }) => folder !== here);
  return [...new Set(known.map(({ url }) => url))];
}

/** ./out, and the folders in it that look like stores, as `npm start` makes one. */
async function outFolders(): Promise<string[]> {
  const out = resolve(DEFAULT_STORE);
  const below = await readdir(out, { withFileTypes: true }).catch(() => []);
  const folders = below.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const inside = await Promise.all(
    folders.map(async ({ name }) => {
      const path = resolve(out, name);
      return (await readdir(path).catch((): string[] => [])).includes('plans') ? [path] : [];
    }),
  );
  return [out, ...inside.flat()];
}

/**
 * What is found in each of several stores. One that cannot be read is named in a warning and left out, unless it is the
 * only one.
 */
export async function searchStores<Found>(
  urls: readonly string[],
  search: (store: Store) => Promise<readonly Found[]>,
  log: StageContext['log'],
): Promise<Found[]> {
  const found = await Promise.all(
    urls.map(async (url) => {
      try {
        return await search(await openStore(url));
      } catch (error) {
        if (urls.length === 1) throw error;
        log({ type: 'warning', text: `${url} is left out: ${(error as Error).message.split('\n', 1)[0]}` });
        return [];
      }
    }),
  );
  return found.flat();
}
