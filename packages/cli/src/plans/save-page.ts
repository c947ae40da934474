import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../process/cache-folder.ts';

/**
 * Saves a report's page on this machine, and returns its path.
 * @param from The store that it is from: pages of one name from different stores do not replace each other.
 */
export async function savePage(page: Uint8Array, fileName: string, from = ''): Promise<string> {
  const folder = join(cacheFolder(), 'reports', from.replaceAll(/[^\w.-]+/g, '-'));
  await mkdir(folder, { recursive: true });
  const path = join(folder, fileName);
  await writeFile(path, page);
  return path;
}
