import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceOf } from '@bakeoff/data-prep/sources';
import {
  datasetIndexSchema,
  decodeSafetensors,
  encodeSafetensors,
  keys,
  type PlannedDataset,
  readJson,
  type Store,
  verifyDigest,
} from '@bakeoff/core';

/** Stores an archive next to the plan: a file as it is, the files of a folder as one object. */
export async function storeArchive(store: Store, sourceSha256: string, path: string): Promise<void> {
  const isFolder = (await stat(path)).isDirectory();
  const key = isFolder ? keys.sourceFolder(sourceSha256) : keys.sourceArchive(sourceSha256);
  if ((await store.getRange(key, 0, 1)) !== undefined) return;
  await store.putIfAbsent(key, isFolder ? await packFolder(path) : await readFile(path));
}

async function packFolder(path: string): Promise<Uint8Array> {
  const entries = await readdir(path, { withFileTypes: true });
  const tensors: Record<string, { shape: [number]; data: Uint8Array }> = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const data = new Uint8Array(await readFile(join(path, entry.name)));
    tensors[entry.name] = { shape: [data.length], data };
  }
  return encodeSafetensors(tensors);
}

/**
 * The path of the archive that was uploaded next to the plan at submission, copied to the cache folder; undefined if
 * there is none, or if the dataset is prepared already.
 */
export async function fetchStoredArchive(
  store: Store,
  { config, datasetId, sourceSha256 }: PlannedDataset,
  cacheFolder: string,
): Promise<string | undefined> {
  if (!sourceOf(config).hasArchive) return undefined;
  const [file, folder] = [keys.sourceArchive(sourceSha256), keys.sourceFolder(sourceSha256)];
  const has = async (key: string): Promise<boolean> => (await store.getRange(key, 0, 1)) !== undefined;
  const key = (await has(file)) ? file : (await has(folder)) ? folder : undefined;
  if (key === undefined) return undefined;
  if ((await readJson(store, keys.datasetIndex(datasetId), datasetIndexSchema)) !== undefined) return undefined;
  const body = await store.get(key);
  if (body === undefined) return undefined;
  const path = join(cacheFolder, sourceSha256.slice(0, 16));
  if (key === folder) return unpackFolder(body, path, store.url);
  verifyDigest(body, { key, bytes: body.length, sha256: sourceSha256 }, store.url);
  await mkdir(cacheFolder, { recursive: true });
  await writeWhole(`${path}.tar.gz`, body);
  return `${path}.tar.gz`;
}

/** The digest of the files together is checked when the source reads them. */
async function unpackFolder(body: Uint8Array, path: string, url: string): Promise<string> {
  await mkdir(path, { recursive: true });
  for (const [name, { data }] of Object.entries(decodeSafetensors(body, `the archive in ${url}`).tensors))
    await writeWhole(join(path, name), data as Uint8Array);
  return path;
}

async function writeWhole(path: string, body: Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, body);
  await rename(partial, path);
}
