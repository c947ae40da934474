import { describe, expect, it } from 'vitest';
import { merge, mergeAt, valueAt } from './merge.ts';

describe('merging', () => {
  it('keeps what the upper object does not name, at every depth', () => {
    expect(merge({ a: { b: 1, c: 2 }, d: 3 }, { a: { c: 4 } })).toEqual({ a: { b: 1, c: 4 }, d: 3 });
  });

  it('replaces lists, null and objects of another type or source', () => {
    expect(merge({ a: [1, 2, 3] }, { a: [4] })).toEqual({ a: [4] });
    expect(merge({ a: { b: 1 } }, { a: null })).toEqual({ a: null });
    expect(merge({ a: null }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
    expect(merge({ type: 'x', b: 1 }, { type: 'y' })).toEqual({ type: 'y' });
    expect(merge({ source: 'x', b: 1 }, { source: 'y' })).toEqual({ source: 'y' });
    expect(merge({ type: 'x', b: 1 }, { c: 2 })).toEqual({ type: 'x', b: 1, c: 2 });
  });

  it('changes neither side', () => {
    const below = { a: { b: 1 }, list: [1, 2] };
    merge(below, { a: { b: 2 } });
    mergeAt(below, ['list', '0'], 9);
    expect(below).toEqual({ a: { b: 1 }, list: [1, 2] });
  });

  it('at a path creates objects on the way, but no elements of lists', () => {
    expect(mergeAt({}, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
    expect(mergeAt({ a: null }, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
    expect(mergeAt({ a: [1, 2] }, ['a', '1'], 9)).toEqual({ a: [1, 9] });
    expect(mergeAt({ a: [1, 2] }, ['a', '2'], 9)).toBeUndefined();
    expect(mergeAt({ a: [1, 2] }, ['a', '-1'], 9)).toBeUndefined();
    expect(mergeAt({ a: 5 }, ['a', 'b'], 9)).toBeUndefined();
  });

  it('looks up only what an object itself holds', () => {
    expect(valueAt({ a: [{ b: 7 }] }, ['a', 0, 'b'])).toBe(7);
    expect(valueAt({}, ['constructor'])).toBeUndefined();
    expect(valueAt('text', ['length'])).toBeUndefined();
  });
});
