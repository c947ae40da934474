import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { UserError } from '../user-error.ts';
import type { Store, StoreEntry } from '../types/store.ts';
import { storedBytes } from './stored-bytes.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array | undefined): string | undefined =>
  body === undefined ? undefined : new TextDecoder().decode(body);

async function collect(entries: AsyncIterable<StoreEntry>): Promise<StoreEntry[]> {
  const all: StoreEntry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

function randomBytes(length: number): Uint8Array {
  const random = new Random(length);
  return Uint8Array.from({ length }, () => random.uint32() & 255);
}

/** What the server behind a driver may be unable to do, so that the driver cannot either. */
export type StoreFlaw =
  /** It ignores `If-None-Match`. Single writers are tested, concurrent ones are not. */
  | 'decidesNoRaces'
  /** It never answers a request for a range of an empty object. */
  | 'breaksEmptyRanges'
  /** Its readers can see half-replaced objects. */
  | 'tearsReads';

export interface ConformanceOptions {
  /** Returns an empty store at each call. */
  readonly createStore: () => Promise<Store>;
  readonly flaws?: readonly StoreFlaw[];
  /** Number of objects in the listing test. More than an S3 server lists at once need a second page. */
  readonly manyObjects: number;
}

/** The tests that every driver of a store passes; for test files only. */
export function describeStoreConformance(
  name: string,
  { createStore, flaws = [], manyObjects }: ConformanceOptions,
): void {
  describe(`${name} keeps the store's promises`, () => {
    it('returns the bytes that were put, as a copy', async () => {
      const store = await createStore();
      const body = randomBytes(70_001);
      const before = createHash('sha256').update(body).digest('hex');
      await store.put('a/b/c.bin', body);
      body.fill(0);
      const read = await store.get('a/b/c.bin');
      expect(read).toBeInstanceOf(Uint8Array);
      expect(createHash('sha256').update(read!).digest('hex')).toBe(before);
      read!.fill(1);
      expect(
        createHash('sha256')
          .update(await storedBytes(store, 'a/b/c.bin'))
          .digest('hex'),
      ).toBe(before);
    });

    it('writes a view of a larger buffer, not the buffer', async () => {
      const store = await createStore();
      await store.put('view', bytes('0123456789').subarray(3, 6));
      expect(text(await store.get('view'))).toBe('345');
    });

    it('distinguishes an empty object from an absent one', async () => {
      const store = await createStore();
      await store.put('empty', new Uint8Array());
      expect((await store.get('empty'))?.length).toBe(0);
      expect(await store.get('absent')).toBeUndefined();
      expect(await store.get('empty/below')).toBeUndefined();
      expect(await collect(store.list(''))).toMatchObject([{ key: 'empty', bytes: 0 }]);
    });

    it('dates an object by its last write', async () => {
      const store = await createStore();
      await store.put('k', bytes('first'));
      const [first] = await collect(store.list('k'));
      // Servers date objects by whole seconds, and their clocks need not be this one.
      expect(Math.abs(first!.modifiedMs - Date.now())).toBeLessThan(60_000);
      await store.put('k', bytes('second'));
      const [second] = await collect(store.list('k'));
      expect(second!.modifiedMs).toBeGreaterThanOrEqual(first!.modifiedMs);
    });

    it('replaces an object completely', async () => {
      const store = await createStore();
      await store.put('k', bytes('a long first body'));
      await store.put('k', bytes('short'));
      expect(text(await store.get('k'))).toBe('short');
    });

    it('reads ranges [start, end), cut to the object', async () => {
      const store = await createStore();
      await store.put('r', bytes('0123456789'));
      expect(text(await store.getRange('r', 0, 4))).toBe('0123');
      expect(text(await store.getRange('r', 4, 5))).toBe('4');
      expect(text(await store.getRange('r', 8, 99))).toBe('89');
      expect(text(await store.getRange('r', 3, 3))).toBe('');
      expect(text(await store.getRange('r', 10, 12))).toBe('');
      expect(text(await store.getRange('r', 50, 60))).toBe('');
      expect(await store.getRange('absent', 0, 4)).toBeUndefined();
    });

    it.skipIf(flaws.includes('breaksEmptyRanges'))('reads ranges of empty objects', async () => {
      const store = await createStore();
      await store.put('none', new Uint8Array());
      expect(text(await store.getRange('none', 0, 4))).toBe('');
    });

    it('puts if absent only once, and keeps the first body', async () => {
      const store = await createStore();
      expect(await store.putIfAbsent('m/marker', bytes('first'))).toBe(true);
      expect(await store.putIfAbsent('m/marker', bytes('second'))).toBe(false);
      expect(text(await store.get('m/marker'))).toBe('first');
      await store.delete('m/marker');
      expect(await store.putIfAbsent('m/marker', bytes('third'))).toBe(true);
      expect(text(await store.get('m/marker'))).toBe('third');
    });

    it.skipIf(flaws.includes('decidesNoRaces'))(
      'lets exactly one of many writers of a marker win, and keeps that one’s body',
      async () => {
        const store = await createStore();
        for (let round = 0; round < 5; round++) {
          const won = await Promise.all(
            Array.from({ length: 12 }, (_, i) => store.putIfAbsent(`race/${round}`, bytes(`writer ${i}`))),
          );
          expect(won.filter(Boolean)).toHaveLength(1);
          expect(text(await store.get(`race/${round}`))).toBe(`writer ${won.indexOf(true)}`);
        }
      },
    );

    it.skipIf(flaws.includes('tearsReads'))(
      'shows readers one whole body or another while writers replace it',
      async () => {
        const store = await createStore();
        const bodies = [randomBytes(300_000), randomBytes(200_000)];
        await store.put('busy', bodies[0]!);
        const lengths = new Set<number>();
        const write = async (): Promise<void> => {
          for (let i = 0; i < 10; i++) await store.put('busy', bodies[i % 2]!);
        };
        const read = async (): Promise<void> => {
          for (let i = 0; i < 20; i++) {
            const body = await storedBytes(store, 'busy');
            lengths.add(body.length);
            const whole = bodies.find((candidate) => candidate.length === body.length);
            expect(whole !== undefined && Buffer.compare(body, whole) === 0).toBe(true);
          }
        };
        await Promise.all([write(), read(), read()]);
        expect([...lengths].every((length) => length === 300_000 || length === 200_000)).toBe(true);
      },
    );

    it('lists by prefix in the order of UTF-16 code units, folders and names that begin alike included', async () => {
      const store = await createStore();
      const names = ['b', 'a/x', 'a-b', 'a.b/z', 'a/y/deep', 'aa', 'a0', 'A', 'a/x2', 'a b', 'a/Y'];
      for (const name of names) await store.put(name, bytes(name));
      const keysOf = async (prefix: string): Promise<string[]> =>
        (await collect(store.list(prefix))).map((entry) => entry.key);
      expect(await keysOf('')).toEqual([...names].sort());
      expect(await keysOf('a/')).toEqual(['a/Y', 'a/x', 'a/x2', 'a/y/deep']);
      expect(await keysOf('a/x')).toEqual(['a/x', 'a/x2']);
      expect(await keysOf('a')).toEqual(names.filter((name) => name.startsWith('a')).sort());
      expect(await keysOf('nothing/here')).toEqual([]);
      expect((await collect(store.list('a/y/')))[0]).toMatchObject({ key: 'a/y/deep', bytes: 8 });
    });

    it(`lists ${manyObjects} objects, each once`, async () => {
      const store = await createStore();
      const expected = Array.from({ length: manyObjects }, (_, i) => `many/${String(i).padStart(5, '0')}`);
      for (let i = 0; i < expected.length; i += 25)
        await Promise.all(expected.slice(i, i + 25).map((key) => store.put(key, bytes('x'))));
      expect((await collect(store.list('many/'))).map((entry) => entry.key)).toEqual(expected);
    });

    it('deletes, and treats absent objects as deleted', async () => {
      const store = await createStore();
      await store.put('d/one', bytes('1'));
      await store.put('d/two', bytes('2'));
      await store.delete('d/one');
      await store.delete('d/one');
      await store.delete('never/there');
      expect(await store.get('d/one')).toBeUndefined();
      expect((await collect(store.list('d/'))).map((entry) => entry.key)).toEqual(['d/two']);
    });

    it('refuses keys that would leave the store', async () => {
      const store = await createStore();
      for (const key of [
        '',
        '/etc/passwd',
        '../up',
        'a/../../up',
        'a/./b',
        'a//b',
        'a/',
        'back\\slash',
        'nul\0',
        'ü',
        '.tmp/x',
        'x'.repeat(201),
      ]) {
        await expect(store.put(key, bytes('x')), key).rejects.toThrow(UserError);
        await expect(store.putIfAbsent(key, bytes('x')), key).rejects.toThrow(UserError);
        await expect(store.get(key), key).rejects.toThrow(UserError);
        await expect(store.getRange(key, 0, 1), key).rejects.toThrow(UserError);
        await expect(store.delete(key), key).rejects.toThrow(UserError);
      }
      await expect(collect(store.list('../'))).rejects.toThrow(UserError);
      expect(await collect(store.list(''))).toEqual([]);
    });
  });
}
