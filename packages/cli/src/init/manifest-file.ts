import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { UserError } from '@bakeoff/core';
import { kindOfPath } from './kind-of-path.ts';

/** A text as a manifest's name: see the schema of `name`. */
export function slugOf(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 100) || 'manifest'
  );
}

/** `FILE.yaml`, or the first of `FILE-2.yaml` and so on that is not there yet. */
export async function freeFile(slug: string): Promise<string> {
  for (let i = 1; ; i++) {
    const file = `${slug}${i === 1 ? '' : `-${i}`}.yaml`;
    if ((await kindOfPath(file)) === undefined) return file;
  }
}

/**
 * The path at which a manifest can be written; `.yaml`, by which commands tell manifests from names, is added.
 * @throws UserError if there is something that is not to be replaced, or no folder to write it to
 */
export async function requireWritable(given: string, replaces: boolean): Promise<string> {
  if ((await kindOfPath(given)) === 'folder') throw unwritable(given, 'EISDIR');
  const path = extname(given) === '' ? `${given}.yaml` : given;
  if (!replaces && (await kindOfPath(path)) !== undefined) throw unwritable(path, 'EEXIST');
  if ((await kindOfPath(dirname(path))) !== 'folder') throw unwritable(path, 'ENOENT');
  return path;
}

/** @throws UserError if the file has appeared in the meantime and is not to be replaced, or cannot be written */
export async function writeManifestFile(path: string, text: string, replaces: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: replaces ? 'w' : 'wx' });
  } catch (error) {
    throw unwritable(path, String((error as NodeJS.ErrnoException).code), { cause: error });
  }
}

function unwritable(path: string, code: string, options?: ErrorOptions): UserError {
  const known: Readonly<Record<string, { readonly what: string; readonly fix: string }>> = {
    EEXIST: { what: 'there is such a file already', fix: 'give another name, or --force to replace it' },
    EISDIR: { what: 'that is a folder', fix: `name a file, e.g. ${join(path)}.yaml; pictures are given by --images` },
  };
  const { what, fix } = known[code] ?? {
    what: `the manifest cannot be written (${code})`,
    fix: `name a file in a folder that exists, e.g. ${join('.', basename(path))}`,
  };
  return new UserError({ what, received: path, fix }, options);
}
