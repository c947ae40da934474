import type * as z from 'zod';
import { canonicalJson, sha256 } from '../canonical-json.ts';
import { markerOf } from '../marker-of.ts';
import { valueAt } from '../manifest/merge.ts';
import { showValue } from '../manifest/problem.ts';
import { withNeutral, withoutNeutral } from '../schema/neutral-settings.ts';
import type { Immutable } from '../types/immutable.ts';
import type { Store } from '../types/store.ts';
import { UserError } from '../user-error.ts';

/** Every JSON record of a store names the version of its format. */
export interface VersionedRecord {
  readonly formatVersion: number;
}

/** The schema of a record: an object whose format version is a literal. */
export type RecordSchema = z.ZodType<VersionedRecord> & { readonly shape: { readonly formatVersion: z.ZodLiteral } };

/** A record as its schema describes it. */
type RecordOf<Schema extends RecordSchema> = Immutable<z.output<Schema>>;

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

/**
 * The bytes of a record: canonical JSON and a line end, so that equal records are equal files.
 * @param schema Needed for a record that holds settings: those added later are left out if they mean "as before".
 */
export function encodeRecord(record: VersionedRecord, schema?: RecordSchema): Uint8Array {
  const stored = schema === undefined ? record : withoutNeutral(schema, record);
  return new TextEncoder().encode(`${canonicalJson(stored)}\n`);
}

const AGAIN = 'remove the object and run the stage that writes it again, or restore it from a copy';

/**
 * Reads a JSON record and checks it, or returns undefined if there is none. Members that the schema does not know, from
 * a newer version of the same format, are kept as they are.
 * @throws UserError that names the key, if the object is not a JSON object, has another format version, or is not what
 *   the schema describes.
 */
export async function readJson<Schema extends RecordSchema>(
  store: Store,
  key: string,
  schema: Schema,
): Promise<RecordOf<Schema> | undefined> {
  const body = await store.get(key);
  if (body === undefined) return undefined;
  const value = parseObject(body, key, store);
  checkVersion(value, schema, key, store);
  checkContent(value, schema, key, store);
  return withNeutral(schema, value) as RecordOf<Schema>;
}

function parseObject(body: Uint8Array, key: string, store: Store): object {
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
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UserError({
    what: `${key} in ${store.url} is damaged: not a record`,
    received: JSON.stringify(value).slice(0, 80),
    allowed: 'a JSON object',
    fix: AGAIN,
  });
}

function checkVersion(value: Partial<VersionedRecord>, schema: RecordSchema, key: string, store: Store): void {
  const { values } = schema.shape.formatVersion;
  const received = value.formatVersion;
  if (received !== undefined && values.has(received)) return;
  throw new UserError({
    what: `${key} in ${store.url} has a format that this version of Bakeoff does not read`,
    received: `formatVersion ${JSON.stringify(received) ?? 'absent'}`,
    allowed: `formatVersion ${[...values].join(' or ')}`,
    fix: 'use the version of Bakeoff that wrote it, or another store folder',
  });
}

function checkContent(value: object, schema: RecordSchema, key: string, store: Store): void {
  const issues = schema.safeParse(value).error?.issues.filter(({ code }) => code !== 'unrecognized_keys') ?? [];
  const [first, ...others] = issues;
  if (first === undefined) return;
  const name = first.path.join('.');
  const received = valueAt(value, first.path);
  const more = others.length === 0 ? '' : ` (and ${others.length} more ${others.length === 1 ? 'member' : 'members'})`;
  throw new UserError({
    what: `${key} in ${store.url} is not a record that this version of Bakeoff can use: "${name}" ${received === undefined ? 'is missing' : 'is wrong'}${more}`,
    received: received === undefined ? 'nothing' : showValue(received),
    allowed: first.message.replace(/^Invalid input: /, ''),
    fix: `${AGAIN}; if a newer version wrote it, use that version`,
  });
}

/**
 * Reads the JSON records under a prefix, in the order of their keys. Leaves out a record that is deleted before it is
 * read.
 * @throws UserError if one is damaged or has another format version, like `readJson`.
 */
export async function readRecords<Schema extends RecordSchema>(
  store: Store,
  prefix: string,
  schema: Schema,
): Promise<RecordOf<Schema>[]> {
  const records: RecordOf<Schema>[] = [];
  for await (const { key } of store.list(prefix)) {
    const record = await readJson(store, key, schema);
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** Writes a JSON record, replacing what was there; `schema` as for `encodeRecord`. */
export async function writeJson(
  store: Store,
  key: string,
  record: VersionedRecord,
  schema?: RecordSchema,
): Promise<void> {
  await store.put(key, encodeRecord(record, schema));
}

/** Writes a JSON record unless there is one; returns true for the first writer. */
export async function writeJsonIfAbsent(
  store: Store,
  key: string,
  record: VersionedRecord,
  schema?: RecordSchema,
): Promise<boolean> {
  return store.putIfAbsent(key, encodeRecord(record, schema));
}

/** An object is made again only where the record that names it, its stage's marker, is gone. */
function remakeAdvice(key: string, storeUrl: string): string {
  const marker = markerOf(key);
  return marker === undefined
    ? AGAIN
    : `remove ${marker} from ${storeUrl}, the record that names it, and give the same command again, which makes both anew; or restore the object from a copy`;
}

/**
 * Checks bytes against what a record says about them.
 * @throws UserError naming the key, what was expected and what to do.
 */
export function verifyDigest(body: Uint8Array, expected: ObjectDigest, storeUrl: string): void {
  const fail = (received: string, allowed: string): never => {
    throw new UserError({
      what: `${expected.key} in ${storeUrl} is damaged`,
      received,
      allowed,
      fix: remakeAdvice(expected.key, storeUrl),
    });
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
      fix: remakeAdvice(expected.key, store.url),
    });
  }
  verifyDigest(body, expected, store.url);
  return body;
}
