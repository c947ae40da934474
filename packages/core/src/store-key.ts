import { UserError } from './user-error.ts';

/** The first segment of paths where the file store keeps incomplete objects. No driver accepts it in a key. */
export const TEMPORARY_FOLDER = '.tmp';

/** Printable ASCII without the backslash, which has the same order and spelling in every driver. */
const SEGMENT = /^[\x20-\x5b\x5d-\x7e]+$/;

function fault(key: string): string | undefined {
  if (key.length > 1000) return `${key.length} characters`;
  const segments = key.split('/');
  if (segments[0] === TEMPORARY_FOLDER) return `a key under ${TEMPORARY_FOLDER}/`;
  for (const segment of segments) {
    if (segment === '') return 'an empty segment';
    if (segment === '.' || segment === '..') return `a segment ${JSON.stringify(segment)}`;
    if (segment.length > 200) return `a segment of ${segment.length} characters`;
    if (!SEGMENT.test(segment)) return 'a character that is not printable ASCII';
  }
  return undefined;
}

export function isStoreKey(key: string): boolean {
  return fault(key) === undefined;
}

/**
 * Every driver checks every key with this function, so that no key leaves the store's folder or prefix.
 * @throws UserError, because a key may come from a damaged or foreign record.
 */
export function checkStoreKey(key: string): void {
  const found = fault(key);
  if (found !== undefined) {
    throw new UserError({
      what: `store key ${JSON.stringify(key.slice(0, 120))} is not usable`,
      received: found,
      allowed:
        'relative paths of printable ASCII, "/" between segments, without "." and ".." (at most 1000 characters, 200 per segment)',
      fix: 'remove the record that names this key, and run the stage that writes it again',
    });
  }
}

/** Like `checkStoreKey`, for the prefix of a list: empty, or the beginning of a key. */
export function checkStorePrefix(prefix: string): void {
  if (prefix !== '') checkStoreKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
}
