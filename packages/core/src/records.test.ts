import { describe, expect, it } from 'vitest';
import { sha256 } from './canonical-json.ts';
import { MemoryStore } from './memory-store.ts';
import { readJson, readRecords, readVerified, verifyDigest, writeJson, writeJsonIfAbsent } from './records.ts';
import { UserError } from './user-error.ts';

interface Sample {
  readonly formatVersion: 1;
  readonly name: string;
  readonly values: readonly number[];
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sample = (name: string): Sample => ({ formatVersion: 1, name, values: [] });
const failureOf = async (work: Promise<unknown>): Promise<UserError> => {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(UserError);
  return failure as UserError;
};

describe('JSON records', () => {
  it('come back as they were written', async () => {
    const store = new MemoryStore();
    const record: Sample = { formatVersion: 1, name: 'é ☃', values: [0.1, 1e-300, -5] };
    await writeJson(store, 'r.json', record);
    expect(await readJson<Sample>(store, 'r.json')).toEqual(record);
  });

  it('are the same bytes for any order of their members', async () => {
    const store = new MemoryStore();
    await writeJson(store, 'a', { formatVersion: 1, x: { b: 2, a: 1 } } as never);
    await writeJson(store, 'b', { x: { a: 1, b: 2 }, formatVersion: 1 } as never);
    expect(await store.get('a')).toEqual(await store.get('b'));
    expect(new TextDecoder().decode(await store.get('a'))).toBe('{"formatVersion":1,"x":{"a":1,"b":2}}\n');
  });

  it('are undefined where absent', async () => {
    expect(await readJson(new MemoryStore(), 'none.json')).toBeUndefined();
  });

  it('let the first writer of a marker win', async () => {
    const store = new MemoryStore();
    expect(await writeJsonIfAbsent(store, 'm', { formatVersion: 1, n: 1 } as never)).toBe(true);
    expect(await writeJsonIfAbsent(store, 'm', { formatVersion: 1, n: 2 } as never)).toBe(false);
    expect(await readJson(store, 'm')).toEqual({ formatVersion: 1, n: 1 });
  });

  it.each([
    ['cut short', '{"formatVersion":1,"na'],
    ['empty', ''],
    ['no object', '[1,2]'],
    ['null', 'null'],
  ])('that are damaged (%s) are named', async (_kind, text) => {
    const store = new MemoryStore();
    await store.put('runs/x/run.json', bytes(text));
    const failure = await failureOf(readJson(store, 'runs/x/run.json'));
    expect(failure.message).toContain('runs/x/run.json in memory: is damaged');
    expect(failure.parts.fix).toContain('run the stage');
  });

  it('with bytes that are not UTF-8 are damaged, not silently repaired', async () => {
    const store = new MemoryStore();
    await store.put('r', Uint8Array.from([...bytes('{"formatVersion":1,"n":"'), 0xff, ...bytes('"}')]));
    await failureOf(readJson(store, 'r'));
  });

  it('of another format version are refused with the supported version', async () => {
    const store = new MemoryStore();
    await store.put('r', bytes('{"formatVersion":2}'));
    const failure = await failureOf(readJson(store, 'r'));
    expect(failure.parts).toMatchObject({ received: 'formatVersion 2', allowed: 'formatVersion 1' });
    await store.put('r', bytes('{}'));
    expect((await failureOf(readJson(store, 'r'))).parts.received).toBe('formatVersion absent');
  });
});

describe('readRecords', () => {
  it('reads what is under a prefix, in the order of the keys', async () => {
    const store = new MemoryStore();
    for (const key of ['m/b', 'm/a', 'other/c']) await writeJson(store, key, sample(key));
    expect(await readRecords<Sample>(store, 'm/')).toEqual([sample('m/a'), sample('m/b')]);
    expect(await readRecords<Sample>(store, 'none/')).toEqual([]);
  });

  it('leaves out a record that is deleted in the meantime', async () => {
    const store = new MemoryStore();
    for (const key of ['m/a', 'm/b']) await writeJson(store, key, sample(key));
    const get = store.get.bind(store);
    store.get = async (key) => {
      await store.delete('m/a');
      return get(key);
    };
    expect(await readRecords<Sample>(store, 'm/')).toEqual([sample('m/b')]);
  });

  it('names one that is damaged', async () => {
    const store = new MemoryStore();
    await writeJson(store, 'm/a', sample('a'));
    await store.put('m/b', bytes('{"formatVersion":1,"na'));
    expect((await failureOf(readRecords(store, 'm/'))).message).toContain('m/b in memory: is damaged');
  });
});

describe('objects named by a record', () => {
  const body = bytes('the weights');
  const entry = { key: 'model/x.safetensors', bytes: body.length, sha256: sha256(body) };

  it('are returned when size and digest are right', async () => {
    const store = new MemoryStore();
    await store.put(entry.key, body);
    expect(await readVerified(store, entry)).toEqual(body);
  });

  it('are named when one bit differs', async () => {
    const store = new MemoryStore();
    const damaged = body.slice();
    damaged[4] = damaged[4]! ^ 1;
    await store.put(entry.key, damaged);
    const failure = await failureOf(readVerified(store, entry));
    expect(failure.parts.what).toBe('model/x.safetensors in memory: is damaged');
    expect(failure.parts.allowed).toBe(`SHA-256 ${entry.sha256}`);
    expect(failure.parts.received).toBe(`SHA-256 ${sha256(damaged)}`);
  });

  it('are named when cut short or missing', async () => {
    const store = new MemoryStore();
    expect((await failureOf(readVerified(store, entry))).parts.what).toContain(
      'model/x.safetensors is missing from memory:',
    );
    await store.put(entry.key, body.subarray(0, 5));
    expect((await failureOf(readVerified(store, entry))).parts).toMatchObject({
      received: '5 bytes',
      allowed: '11 bytes',
    });
  });

  it('can be verified from bytes in memory', () => {
    expect(() => verifyDigest(body, entry, './out')).not.toThrow();
    expect(() => verifyDigest(body.subarray(1), entry, './out')).toThrow(UserError);
  });
});
