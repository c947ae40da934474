import { canonicalJson, sha256 } from './canonical-json.ts';
import { UserError } from './user-error.ts';
import type { Store } from './types/store.ts';

/** Every JSON record of a store says by which version of its format it was written. */
export interface VersionedRecord {
  readonly formatVersion: number;
}

/** What a record says of an object it names: enough to tell whether the object is whole (`FileEntry` and `ShardEntry` are such). */
export interface ObjectDigest {
  readonly key: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** The bytes of a record: canonical JSON and a line end, so that equal records are equal files. */
export function encodeRecord(record: VersionedRecord): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(record)}\n`);
}

const AGAIN = 'remove the object and run the stage that writes it again, or restore it from a copy';

/**
 * Reads a JSON record, or undefined where there is none.
 * The caller names the record's type; the format version is what stands for its shape.
 * @throws UserError where the object is no JSON object, or of another format version; names the key.
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
        what: `${key} in ${store.url} is damaged: no JSON`,
        received: `${body.length} bytes: ${(error as Error).message}`,
        fix: AGAIN,
      },
      { cause: error },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError({
      what: `${key} in ${store.url} is damaged: no record`,
      received: JSON.stringify(value).slice(0, 80),
      allowed: 'a JSON object',
      fix: AGAIN,
    });
  }
  const received = (value as Partial<VersionedRecord>).formatVersion;
  if (received === undefined || !formatVersions.includes(received)) {
    throw new UserError({
      what: `${key} in ${store.url} has a format this version of Bakeoff does not read`,
      received: `formatVersion ${JSON.stringify(received) ?? 'absent'}`,
      allowed: `formatVersion ${formatVersions.join(' or ')}`,
      fix: 'use the version of Bakeoff that wrote it, or another store folder',
    });
  }
  return value as Rec;
}

/**
 * Reads the JSON records under a prefix, in the order of their keys; one that is gone by the time it is read is left out.
 * @throws UserError where one is damaged or of another format version, as `readJson` does.
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

/** Writes a JSON record unless one is there; true for the writer who was first. */
export async function writeJsonIfAbsent(store: Store, key: string, record: VersionedRecord): Promise<boolean> {
  return store.putIfAbsent(key, encodeRecord(record));
}

/**
 * Checks bytes against what a record says of them.
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
 * @throws UserError where it is missing or differs by as little as one bit.
 */
export async function readVerified(store: Store, expected: ObjectDigest): Promise<Uint8Array> {
  const body = await store.get(expected.key);
  if (body === undefined) {
    throw new UserError({
      what: `${expected.key} is missing from ${store.url}, though a record names it`,
      allowed: `${expected.bytes} bytes with SHA-256 ${expected.sha256}`,
      fix: 'restore it from a copy, or remove the record that names it and run that stage again',
    });
  }
  verifyDigest(body, expected, store.url);
  return body;
}
