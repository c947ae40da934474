import { UserError } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { readNativeSetting } from './native-setting.ts';

describe('BAKEOFF_NATIVE', () => {
  it('is auto unless it says otherwise', () => {
    expect(readNativeSetting({})).toBe('auto');
    expect(readNativeSetting({ BAKEOFF_NATIVE: '' })).toBe('auto');
    for (const value of ['auto', 'off', 'avx2', 'avx512', 'neon'])
      expect(readNativeSetting({ BAKEOFF_NATIVE: value })).toBe(value);
  });

  it('with another value is a mistake that names the allowed ones', () => {
    expect(() => readNativeSetting({ BAKEOFF_NATIVE: 'sse' })).toThrow(UserError);
    expect(() => readNativeSetting({ BAKEOFF_NATIVE: 'sse' })).toThrow(/sse.*auto, off, avx512, avx2, neon/s);
  });
});
