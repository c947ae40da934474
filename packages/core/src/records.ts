import { canonicalJson, sha256 } from './canonical-json.ts';
import { UserError } from './user-error.ts';
import type { Store } from './types/store.ts';

/** Every JSON record of a store names the version of its format. */
export interface VersionedRecord {
  readonly formatVersion: number;
}

/**
 * What a record says about an object that it names, enough to verify that the object is complete (for example
 * `FileEntry` and `ShardEntry`).
 */
export interface ObjectDigest {
  readonly key: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** The bytes of a record: canonical JSON and a newline, so that equal records are equal files. */
export function encodeRecord(record: VersionedRecord): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(record)}\n`);
}

const AGAIN = 'remove the object and run the stage that writes it again, or restore it from a copy';

/**
 * Reads a JSON record, or returns undefined if there is none. The caller names the record's type. Only the format
 * version is checked, not the shape.
 * @throws UserError that names the key, if the object is not a JSON object or has another format version.
 */
export async function readJson<Rec extends VersionedRecord>(
  store: Store,
  key: string,
  formatVersions: readonly number[] = [1],
): Promise<Rec | undefined> {
  const body = await store.get(key);
  if (body === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new UserError(
      {
        what: `${key} in ${store.url} is damaged: not JSON`,
        received: `${body.length} bytes: ${(error as Error).message}`,
        fix: AGAIN,
      },
      { cause: error },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError({
      what: `${key} in ${store.url} is damaged: not a record`,
      received: JSON.stringify(value).slice(0, 80),
      allowed: 'a JSON object',
      fix: AGAIN,
    });
  }
  const received = (value as Partial<VersionedRecord>).formatVersion;
  if (received === undefined || !formatVersions.includes(received)) {
    throw new UserError({
      what: `${key} in ${store.url} has a format that this version of Bakeoff does not read`,
      received: `formatVersion ${JSON.stringify(received) ?? 'absent'}`,
      allowed: `formatVersion ${formatVersions.join(' or ')}`,
      fix: 'use the version of Bakeoff that wrote it, or another store folder',
    });
  }
  return value as Rec;
}

/**
 * Reads the JSON records under a prefix, in the order of their keys. Leaves out a record that is deleted before it is
 * read.
 * @throws UserError if one is damaged or has another format version, like `readJson`.
 */
export async function readRecords<Rec extends VersionedRecord>(store: Store, prefix: string): Promise<Rec[]> {
  const records: Rec[] = [];
  for await (const { key } of store.list(prefix)) {
    const record = await readJson<Rec>(store, key);
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** Writes a JSON record, replacing what was there. */
export async function writeJson(store: Store, key: string, record: VersionedRecord): Promise<void> {
  await store.put(key, encodeRecord(record));
}

/** Writes a JSON record unless there is one; returns true for the first writer. */
export async function writeJsonIfAbsent(store: Store, key: string, record: VersionedRecord): Promise<boolean> {
  return store.putIfAbsent(key, encodeRecord(record));
}

/**
 * Checks bytes against what a record says about them.
 * @throws UserError naming the key, what was expected and what to do.
 */
export function verifyDigest(body: Uint8Array, expected: ObjectDigest, storeUrl: string): void {
  const fail = (received: string, allowed: string): never => {
    throw new UserError({ what: `${expected.key} in ${storeUrl} is damaged`, received, allowed, fix: AGAIN });
  };
  if (body.length !== expected.bytes) fail(`${body.length} bytes`, `${expected.bytes} bytes`);
  const digest = sha256(body);
  if (digest !== expected.sha256) fail(`SHA-256 ${digest}`, `SHA-256 ${expected.sha256}`);
}

/**
 * Reads an object that a record names, and checks its size and SHA-256.
 * @throws UserError if it is missing or differs in even one bit.
 */
export async function readVerified(store: Store, expected: ObjectDigest): Promise<Uint8Array> {
  const body = await store.get(expected.key);
  if (body === undefined) {
    throw new UserError({
      what: `${expected.key} is missing from ${store.url}, though a record names it`,
      allowed: `${expected.bytes} bytes with SHA-256 ${expected.sha256}`,
      fix: 'restore it from a copy, or remove the record that names it and run the stage that wrote the record again',
    });
  }
  verifyDigest(body, expected, store.url);
  return body;
}
