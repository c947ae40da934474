import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { samplePlan, sampleRunRecord } from '../testing/sample-records.ts';
import { planSchema } from './plan-records.ts';
import { runRecordSchema } from './run-records.ts';
import { sha256 } from '../canonical-json.ts';
import { MemoryStore } from '../memory-store.ts';
import { readJson, readRecords, readVerified, verifyDigest, writeJson, writeJsonIfAbsent } from './json-records.ts';
import { UserError } from '../user-error.ts';

const sampleSchema = z.object({ formatVersion: z.literal(1), name: z.string(), values: z.array(z.number()) });
type Sample = z.output<typeof sampleSchema>;
const anySchema = z.object({ formatVersion: z.literal(1) });

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
    expect(await readJson(store, 'r.json', sampleSchema)).toEqual(record);
  });

  it('are the same bytes for any order of their members', async () => {
    const store = new MemoryStore();
    await writeJson(store, 'a', { formatVersion: 1, x: { b: 2, a: 1 } } as never);
    await writeJson(store, 'b', { x: { a: 1, b: 2 }, formatVersion: 1 } as never);
    expect(await store.get('a')).toEqual(await store.get('b'));
    expect(new TextDecoder().decode(await store.get('a'))).toBe('{"formatVersion":1,"x":{"a":1,"b":2}}\n');
  });

  it('are undefined where absent', async () => {
    expect(await readJson(new MemoryStore(), 'none.json', anySchema)).toBeUndefined();
  });

  it('let the first writer of a marker win', async () => {
    const store = new MemoryStore();
    expect(await writeJsonIfAbsent(store, 'm', { formatVersion: 1, n: 1 } as never)).toBe(true);
    expect(await writeJsonIfAbsent(store, 'm', { formatVersion: 1, n: 2 } as never)).toBe(false);
    expect(await readJson(store, 'm', anySchema)).toEqual({ formatVersion: 1, n: 1 });
  });

  it.each([
    ['cut short', '{"formatVersion":1,"na'],
    ['empty', ''],
    ['no object', '[1,2]'],
    ['null', 'null'],
  ])('that are damaged (%s) are named', async (_kind, text) => {
    const store = new MemoryStore();
    await store.put('runs/x/run.json', bytes(text));
    const failure = await failureOf(readJson(store, 'runs/x/run.json', anySchema));
    expect(failure.message).toContain('runs/x/run.json in memory: is damaged');
    expect(failure.parts.fix).toContain('run the stage');
  });

  it('with bytes that are not UTF-8 are damaged, not silently repaired', async () => {
    const store = new MemoryStore();
    await store.put('r', Uint8Array.from([...bytes('{"formatVersion":1,"n":"'), 0xff, ...bytes('"}')]));
    await failureOf(readJson(store, 'r', anySchema));
  });

  it('of another format version are refused with the supported version', async () => {
    const store = new MemoryStore();
    await store.put('r', bytes('{"formatVersion":2}'));
    const failure = await failureOf(readJson(store, 'r', anySchema));
    expect(failure.parts).toMatchObject({ received: 'formatVersion 2', allowed: 'formatVersion 1' });
    await store.put('r', bytes('{}'));
    expect((await failureOf(readJson(store, 'r', anySchema))).parts.received).toBe('formatVersion absent');
  });
});

async function readRun(record: object) {
  const store = new MemoryStore();
  await store.put('runs/r/run.json', bytes(JSON.stringify(record)));
  return readJson(store, 'runs/r/run.json', runRecordSchema);
}

describe('what a record holds', () => {
  it('is checked: the key, the member, what stands there and what to do are named', async () => {
    const failure = await failureOf(readRun({ ...sampleRunRecord(), steps: 'many', bestEpoch: -1 }));
    expect(failure.parts).toEqual({
      what: 'runs/r/run.json in memory: is not a record that this version of Bakeoff can use: "steps" is wrong (and 1 more member)',
      received: '"many"',
      allowed: 'expected number, received string',
      fix: expect.stringContaining('run the stage that writes it again') as string,
    });
    const { history: _history, ...without } = sampleRunRecord();
    expect((await failureOf(readRun(without))).message).toMatch(/"history" is missing\n {2}received: nothing/);
  });

  it('may be more than is known: members of a newer version stay', async () => {
    const newer = { ...sampleRunRecord(), energyJoules: 5 };
    expect(await readRun(newer)).toEqual(newer);
    const store = new MemoryStore();
    const [run] = samplePlan(['r']).runs;
    const optimizer = { ...run?.recipe.optimizer, lookahead: 3 };
    const plan = { ...samplePlan([]), runs: [{ ...run, recipe: { ...run?.recipe, optimizer, tags: [] } }] };
    await store.put('plan', bytes(JSON.stringify(plan)));
    expect(await readJson(store, 'plan', planSchema)).toEqual(plan);
  });

  it('must be of a kind that is known', async () => {
    const store = new MemoryStore();
    const [run] = samplePlan(['r']).runs;
    const plan = { ...samplePlan([]), runs: [{ ...run, recipe: { ...run?.recipe, optimizer: { type: 'lion' } } }] };
    await store.put('plan', bytes(JSON.stringify(plan)));
    expect((await failureOf(readJson(store, 'plan', planSchema))).message).toContain('"runs.0.recipe.optimizer.type"');
  });
});

describe('readRecords', () => {
  it('reads what is under a prefix, in the order of the keys', async () => {
    const store = new MemoryStore();
    for (const key of ['m/b', 'm/a', 'other/c']) await writeJson(store, key, sample(key));
    expect(await readRecords(store, 'm/', sampleSchema)).toEqual([sample('m/a'), sample('m/b')]);
    expect(await readRecords(store, 'none/', sampleSchema)).toEqual([]);
  });

  it('leaves out a record that is deleted in the meantime', async () => {
    const store = new MemoryStore();
    for (const key of ['m/a', 'm/b']) await writeJson(store, key, sample(key));
    const get = store.get.bind(store);
    store.get = async (key) => {
      await store.delete('m/a');
      return get(key);
    };
    expect(await readRecords(store, 'm/', sampleSchema)).toEqual([sample('m/b')]);
  });

  it('names one that is damaged', async () => {
    const store = new MemoryStore();
    await writeJson(store, 'm/a', sample('a'));
    await store.put('m/b', bytes('{"formatVersion":1,"na'));
    expect((await failureOf(readRecords(store, 'm/', sampleSchema))).message).toContain('m/b in memory: is damaged');
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

  it.each([
    ['runs/r/model/x.safetensors', 'runs/r/run.json'],
    ['datasets/d/shards/train-000.safetensors', 'datasets/d/index.json'],
    ['datasets/d/views/a/3/train-000.safetensors', 'datasets/d/views/a/3/index.json'],
    ['evaluations/e/predictions.safetensors', 'evaluations/e/evaluation.json'],
  ])('%s: the message names the record whose removal makes it anew', async (key, marker) => {
    const store = new MemoryStore();
    const advice = { fix: expect.stringMatching(`^remove ${marker} from memory:`) as string };
    expect((await failureOf(readVerified(store, { ...entry, key }))).parts).toMatchObject(advice);
    await store.put(key, body.subarray(1));
    expect((await failureOf(readVerified(store, { ...entry, key }))).parts).toMatchObject(advice);
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
