import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys (by UTF-16 code unit), no white space, and no undefined members: equal values give equal text
 * (RFC 8785's form). Throws a TypeError for what JSON cannot hold (NaN, infinities, functions, bigint, class
 * instances).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`canonical JSON cannot hold ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null)
      throw new TypeError(`canonical JSON cannot hold a ${value.constructor.name}`);
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    members.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  throw new TypeError(`canonical JSON cannot hold a ${typeof value}`);
}

/** SHA-256 of bytes or UTF-8 text, in hex. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** An id: the first 64 bits of the SHA-256 of the canonical JSON, 16 hex digits. */
export function contentId(inputs: unknown): string {
  return sha256(canonicalJson(inputs)).slice(0, 16);
}
