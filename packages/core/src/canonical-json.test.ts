import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentId, sha256 } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 code unit and leaves out undefined members', () => {
    // From RFC 8785, section 3.2.3.
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
      none: undefined,
    };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
    expect(
      canonicalJson(value).match(/"(?:Carriage Return|One|Control|Latin[^"]*|Euro Sign|Emoji|Hebrew[^"]*)"/g),
    ).toEqual([
      '"Carriage Return"',
      '"One"',
      '"Control"',
      '"Latin Small Letter O With Diaeresis"',
      '"Euro Sign"',
      '"Emoji"',
      '"Hebrew Letter Dalet With Dagesh"',
    ]);
  });

  it('is read by JSON.parse as the same value, and is the same for every order of keys', () => {
    assert(
      property(jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        const reversed = (part: unknown): unknown =>
          Array.isArray(part)
            ? part.map(reversed)
            : typeof part === 'object' && part !== null
              ? Object.fromEntries(
                  Object.entries(part)
                    .reverse()
                    .map(([key, member]) => [key, reversed(member)]),
                )
              : part;
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinity', [Infinity]],
    ['a function', { f: () => 1 }],
    ['a bigint', 1n],
    ['a hole in a list', [undefined]],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', new Uint8Array(2)],
  ])('refuses %s, which JSON cannot hold', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('hashes to known digests', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(contentId({ b: 1, a: 2 })).toBe(sha256('{"a":2,"b":1}').slice(0, 16));
  });
});
