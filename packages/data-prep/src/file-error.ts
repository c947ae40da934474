import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nearestNames, UserError } from '@bakeoff/core';

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file where a folder is needed',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ELOOP: 'links that lead in a circle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

/** What a failed file operation means in plain words, if it is something that a user can fix. */
export function fileTrouble(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? undefined : MEANINGS[code];
}

/** A UserError for a failed file operation that a user can fix; any other error unchanged. */
export function fileError(error: unknown, what: string, fix: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  const meaning = fileTrouble(error);
  if (meaning === undefined) return error;
  return new UserError({ what, received: `${path ?? ''} (${code}: ${meaning})`.trimStart(), fix }, { cause: error });
}

/** As `fileError`; for a path that does not exist, the fix names those beside it that were most likely meant. */
export async function missingFileError(error: unknown, what: string, fix: string): Promise<unknown> {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' || path === undefined) return fileError(error, what, fix);
  const beside = await readdir(dirname(path)).catch(() => []);
  const near = nearestNames(basename(path), beside).map((name) => `"${join(dirname(path), name)}"`);
  return fileError(error, what, near.length > 0 ? `did you mean ${near.join(' or ')}?` : fix);
}
