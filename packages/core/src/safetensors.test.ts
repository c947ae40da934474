import { array, assert, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { UserError } from './user-error.ts';

const tensors = {
  weights: { shape: [2, 3], data: Float32Array.of(0, -1.5, 3.25, 1e-30, Infinity, -0) },
  labels: { shape: [5], data: Uint8Array.of(0, 1, 2, 254, 255) },
  ids: { shape: [1, 2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
  exact: { shape: [], data: Float64Array.of(0.1) },
  nothing: { shape: [0, 4], data: new Float32Array() },
};

describe('safetensors', () => {
  it('come back unchanged, bit for bit, with their metadata', () => {
    const { tensors: read, metadata } = decodeSafetensors(encodeSafetensors(tensors, { format: 'bakeoff' }));
    expect(read).toEqual(tensors);
    expect(Object.is(read['weights']?.data[5], -0)).toBe(true);
    expect(metadata).toEqual({ format: 'bakeoff' });
    expect(decodeSafetensors(encodeSafetensors({})).tensors).toEqual({});
  });

  it('have the layout that the format describes', () => {
    const file = encodeSafetensors({ a: { shape: [2], data: Uint8Array.of(7, 9) } });
    const header = '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}';
    const length = Math.ceil(header.length / 8) * 8;
    expect(new DataView(file.buffer).getBigUint64(0, true)).toBe(BigInt(length));
    expect(new TextDecoder().decode(file.subarray(8, 8 + length))).toBe(header.padEnd(length));
    expect([...file.subarray(8 + length)]).toEqual([7, 9]);
  });

  it('are read from the middle of a larger buffer', () => {
    const file = encodeSafetensors(tensors);
    const larger = new Uint8Array(file.length + 20);
    larger.set(file, 3);
    expect(decodeSafetensors(larger.subarray(3, 3 + file.length)).tensors).toEqual(tensors);
  });

  it("are read from Node's Buffer, whose slice is a view", () => {
    const file = Buffer.from(
      encodeSafetensors({
        a: { shape: [1], data: new Uint8Array([7]) },
        b: { shape: [2], data: Float32Array.of(1.5, -2) },
      }),
    );
    expect(decodeSafetensors(file).tensors['b']?.data).toEqual(Float32Array.of(1.5, -2));
  });

  it('are copies: the file can be overwritten', () => {
    const file = encodeSafetensors(tensors);
    const { tensors: read } = decodeSafetensors(file);
    file.fill(0);
    expect(read).toEqual(tensors);
  });

  it('of a shape that does not match are a bug', () => {
    expect(() => encodeSafetensors({ a: { shape: [3], data: new Float32Array(2) } })).toThrow(RangeError);
  });

  it('that are cut short anywhere are refused, by name', () => {
    const file = encodeSafetensors(tensors);
    for (let length = 0; length < file.length; length += 7)
      expect(() => decodeSafetensors(file.subarray(0, length), 'shard 3')).toThrow(UserError);
    expect(() => decodeSafetensors(file.subarray(0, 4), 'shard 3')).toThrow('shard 3 is not a valid safetensors file');
  });

  it('that are damaged are decoded or refused, and never crash', () => {
    const file = encodeSafetensors(tensors);
    assert(
      property(array(tuple(nat(file.length - 1), nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = file.slice();
        for (const [at, value] of changes) damaged[at] = value;
        try {
          decodeSafetensors(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['null', 'null'],
    ['a list', '[1]'],
    ['a tensor without offsets', '{"a":{"dtype":"F32","shape":[1]}}'],
    ['an unknown dtype', '{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}'],
    ['a negative offset', '{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}'],
    ['offsets beyond the end', '{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}'],
    ['a shape of the wrong size', '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}'],
  ])('with a header of %s are refused', (_name, header) => {
    const text = new TextEncoder().encode(header);
    const file = new Uint8Array(8 + text.length + 4);
    new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
    file.set(text, 8);
    expect(() => decodeSafetensors(file)).toThrow(UserError);
  });
});
