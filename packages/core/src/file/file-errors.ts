import { UserError } from '../user-error.ts';

const CAUSES: Readonly<Record<string, readonly [cause: string, fix: string]>> = {
  ENOSPC: ['the disk is full', 'free some space, or choose a store on another disk'],
  EDQUOT: ['the disk quota is used up', 'free some space, or choose a store on another disk'],
  EROFS: ['the file system is read-only', 'choose a store folder that is writable'],
  EACCES: ['permission is denied', "change the folder's permissions, or choose another store folder"],
  EPERM: ['the operation is not permitted', "change the folder's permissions, or choose another store folder"],
  ENOTDIR: ['there is a file where a folder is needed', 'move that file away, or choose another store folder'],
  EISDIR: ['there is a folder where a file is needed', 'move that folder away, or choose another store folder'],
  ENOTEMPTY: ['there is a folder where a file is needed', 'move that folder away, or choose another store folder'],
  EEXIST: ['there is a file where a folder is needed', 'move that file away, or choose another store folder'],
  ENAMETOOLONG: ['the path is too long for the file system', 'choose a store folder with a shorter path'],
  EMFILE: ['too many files are open in this process', 'raise the limit (`ulimit -n`), or run fewer jobs at a time'],
  EIO: ['the disk reports an input/output error', 'check the disk, or choose a store on another one'],
  ENOTSUP: [
    'the file system lacks an operation that the store needs (hard links)',
    'choose a store folder on a file system with hard links',
  ],
};

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** A UserError for what a user can fix; any other error unchanged. */
export function explainFileError(error: unknown, action: 'read' | 'write' | 'list' | 'delete', path: string): unknown {
  const code = errorCode(error) ?? '';
  const known = CAUSES[code];
  if (known === undefined) return error;
  const [cause, fix] = known;
  return new UserError({ what: `cannot ${action} ${path}: ${cause}`, received: code, fix }, { cause: error });
}
