import { UserError } from '@bakeoff/core';

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
