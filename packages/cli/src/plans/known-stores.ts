import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../process/cache-folder.ts';

/** A store that a command has written to. */
export interface KnownStore {
  /** As `openStore` takes it; a folder's path is absolute. */
  readonly url: string;
  /** The working folder of the command. */
  readonly folder: string;
}

const MOST_KNOWN = 50;

function listPath(): string {
  return join(cacheFolder(), 'stores.json');
}

/** The stores that commands have written to, the latest first; none if the list is gone or cannot be read. */
export async function knownStores(): Promise<readonly KnownStore[]> {
  try {
    const { stores } = JSON.parse(await readFile(listPath(), 'utf8')) as { readonly stores?: unknown };
    return Array.isArray(stores) ? stores.filter(isKnownStore) : [];
  } catch {
    return [];
  }
}

function isKnownStore(value: unknown): value is KnownStore {
  const { url, folder } = (value ?? {}) as Partial<Record<keyof KnownStore, unknown>>;
  return typeof url === 'string' && typeof folder === 'string';
}

/**
 * Remembers where a command writes, so that `open`, `ls` and others find it. Nothing depends on it: of two commands
 * that end in the same moment one may be forgotten, and a cache that cannot be written is no error.
 */
export async function rememberStore(url: string): Promise<void> {
  // A container's cache is lost with it.
  if (process.env['BAKEOFF_CONTAINER'] !== undefined) return;
  const store: KnownStore = { url, folder: process.cwd() };
  const others = (await knownStores()).filter((other) => other.url !== url || other.folder !== store.folder);
  const kept: KnownStore[] = [];
  for (const each of [store, ...others].slice(0, MOST_KNOWN)) if (await exists(each)) kept.push(each);
  const path = listPath();
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, `${JSON.stringify({ formatVersion: 1, stores: kept })}\n`);
    await rename(temporary, path);
  } catch {
    return;
  }
}

/** Folders that were removed, such as those of tests, are forgotten. */
async function exists({ folder }: KnownStore): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}
