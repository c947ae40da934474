import { UserError } from '@bakeoff/core';

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file where a folder is needed',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

/** A UserError for a failed file operation that a user can fix; any other error unchanged. */
export function fileError(error: unknown, what: string, fix: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  const meaning = code === undefined ? undefined : MEANINGS[code];
  if (meaning === undefined) return error;
  return new UserError({ what, received: `${path ?? ''} (${code}: ${meaning})`.trimStart(), fix }, { cause: error });
}
