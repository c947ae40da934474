import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceOf } from '@bakeoff/data-prep/sources';
import { keys, type PlannedDataset, readJson, type Store, verifyDigest, datasetIndexSchema } from '@bakeoff/core';

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
  const key = keys.sourceArchive(sourceSha256);
  if ((await store.getRange(key, 0, 1)) === undefined) return undefined;
  if ((await readJson(store, keys.datasetIndex(datasetId), datasetIndexSchema)) !== undefined) return undefined;
  const body = await store.get(key);
  if (body === undefined) return undefined;
  verifyDigest(body, { key, bytes: body.length, sha256: sourceSha256 }, store.url);
  await mkdir(cacheFolder, { recursive: true });
  const path = join(cacheFolder, `${sourceSha256.slice(0, 16)}.tar.gz`);
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, body);
  await rename(partial, path);
  return path;
}
