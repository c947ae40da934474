import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nearestNames, UserError } from '@bakeoff/core';

/** Where a clone keeps the manifests that ship. */
const SHIPPED = 'experiments';
/** `experiments:` stands within a manifest's first bytes, unless its defaults are very long. */
const READ_BYTES = 65_536;

/** The message for a manifest that cannot be read: it suggests manifests only, those of the folder that was meant. */
export async function noManifest(path: string, error: NodeJS.ErrnoException): Promise<UserError> {
  const isFolder = error.code === 'EISDIR';
  const folder = isFolder ? path : dirname(path);
  const there = await manifestsIn(folder);
  const known = there.length > 0 || isFolder ? there : await manifestsIn(SHIPPED);
  const near = nearestNames(
    basename(path),
    known.map((each) => basename(each)),
  );
  const meant = known.filter((each) => near.includes(basename(each)));
  return new UserError(
    {
      what: isFolder
        ? 'a folder is not a manifest'
        : error.code === 'ENOENT'
          ? 'there is no such manifest'
          : `the manifest cannot be read (${error.code})`,
      received: path,
      allowed: known.length > 0 ? known.join(', ') : 'a manifest; there is none in this folder',
      fix:
        !isFolder && meant.length > 0
          ? `did you mean ${meant.join(' or ')}?`
          : known.length > 0
            ? 'give the path of one of these manifests'
            : 'give the path of a manifest',
    },
    { cause: error },
  );
}

/** The paths of a folder's manifests; of none, if there is no such folder. */
async function manifestsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
  const found = await Promise.all(names.map(async (name) => ((await isManifest(join(folder, name))) ? [name] : [])));
  return found.flat().map((name) => join(folder, name));
}

/** Whether a file lists experiments, as other YAML and JSON files do not. */
async function isManifest(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(READ_BYTES) });
      return /^\s*["']?experiments["']?\s*:/m.test(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}
