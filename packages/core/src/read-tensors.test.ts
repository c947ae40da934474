import { describe, expect, it } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { readTensors } from './read-tensors.ts';
import { encodeSafetensors } from './safetensors.ts';
import { UserError } from './user-error.ts';

const KEY = 'runs/a/model.safetensors';

/** Counts the bytes that are read. */
class MeteredStore extends MemoryStore {
  bytes = 0;
  override async getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    const body = await super.getRange(key, start, end);
    this.bytes += body?.length ?? 0;
    return body;
  }
}

const large = { shape: [200_000], data: new Float32Array(200_000).fill(1) };
const file = (names: number): Uint8Array =>
  encodeSafetensors(
    {
      ...Object.fromEntries(
        Array.from({ length: names }, (_, i) => [`network.${i}`, { shape: [1], data: Uint8Array.of(1) }]),
      ),
      large,
      'history.loss': { shape: [3], data: Float32Array.of(1, 2, 3) },
      'history.step': { shape: [3], data: Int32Array.of(4, 5, 6) },
    },
    { state: 'x' },
  );

describe('readTensors', () => {
  it.each([4, 1500])('reads what is wanted of %i tensors, and not the others', async (names) => {
    const store = new MeteredStore();
    await store.put(KEY, file(names));
    const read = await readTensors(store, KEY, (name) => name.startsWith('history.'));
    expect(Object.keys(read!.tensors)).toEqual(['history.loss', 'history.step']);
    expect(read!.tensors['history.loss']!.data).toEqual(Float32Array.of(1, 2, 3));
    expect(read!.tensors['history.step']!.data).toEqual(Int32Array.of(4, 5, 6));
    expect(read!.metadata).toEqual({ state: 'x' });
    expect(store.bytes).toBeLessThan(500_000);
  });

  it('gives metadata alone if no tensor is wanted, and undefined without an object', async () => {
    const store = new MemoryStore();
    await store.put(KEY, file(1));
    expect(await readTensors(store, KEY, () => false)).toEqual({ tensors: {}, metadata: { state: 'x' } });
    expect(await readTensors(store, 'runs/b/model.safetensors', () => true)).toBeUndefined();
  });

  it.each([3, 20, 850_000])('refuses an object that was cut after %i bytes', async (bytes) => {
    const store = new MemoryStore();
    await store.put(KEY, file(1500).subarray(0, bytes));
    await expect(readTensors(store, KEY, (name) => name.startsWith('history.'))).rejects.toThrow(UserError);
  });
});
