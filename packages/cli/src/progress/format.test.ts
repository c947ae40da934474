import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatMagnitude, formatPercent } from './format.ts';

describe('format', () => {
  it.each([
    [0, '0.0 s'],
    [840, '0.8 s'],
    [9_949, '9.9 s'],
    [9_951, '10 s'],
    [59_600, '1 min 00 s'],
    [65_000, '1 min 05 s'],
    [3_599_900, '1 h 00 min'],
    [7_380_000, '2 h 03 min'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [999, '999'],
    [999_499, '999 k'],
    [40_551_040, '40.6 M'],
    [555_422_720, '555 M'],
    [999_600_000, '1.00 G'],
  ])('%d is %s', (value, text) => expect(formatMagnitude(value)).toBe(text));

  it.each([
    [512, '512 bytes'],
    [3_686_400, '3.5 MiB'],
    [138_240_000, '132 MiB'],
    [3_041_280_000, '2.8 GiB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('groups thousands and shows a tenth of a percent', () => {
    expect(formatCount(1_281_930)).toBe('1,281,930');
    expect(formatPercent(0.71249)).toBe('71.2 %');
  });
});
