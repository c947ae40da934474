import { describe, expect, it } from 'vitest';
import {
  bytes,
  count,
  countTick,
  dollars,
  duration,
  grouped,
  plural,
  percent,
  percentInterval,
  points,
  pointsApart,
  pValue,
  roughBytes,
  roughDollars,
  roughDuration,
  scaled,
  significant,
  withPlainSpaces,
} from './formats.ts';

describe('number formats', () => {
  it.each([
    [0.0045, 'p = 0.0045'],
    [0.04951, 'p = 0.05'],
    [0.13, 'p = 0.13'],
    [1, 'p = 1'],
    [0.0001, 'p = 0.0001'],
    [0.000_099, 'p < 0.0001'],
  ])('p value %d is %s', (p, text) => expect(withPlainSpaces(pValue(p))).toBe(text));

  it.each([
    [0.025, '+2.50'],
    [-0.0013, '−0.13'],
    [0.000_01, '0.00'],
    [-0.000_01, '0.00'],
    [0, '0.00'],
  ])('a difference of %d is %s points', (difference, text) => expect(points(difference)).toBe(text));

  it.each([
    [0, '0.0 s'],
    [0.84, '0.8 s'],
    [9.949, '9.9 s'],
    [9.951, '10 s'],
    [59.6, '1 min 00 s'],
    [65, '1 min 05 s'],
    [3_599.9, '1 h 00 min'],
    [7_380, '2 h 03 min'],
  ])('%d s are roughly %s', (seconds, text) => expect(withPlainSpaces(roughDuration(seconds))).toBe(text));

  it.each([
    [12.34, '12.3 s'],
    [200, '3 min 20 s'],
    [3_779, '1 h 02 min'],
  ])('%d s are %s', (seconds, text) => expect(withPlainSpaces(duration(seconds))).toBe(text));

  it.each([
    [64, '64'],
    [999, '999'],
    [999_499, '999 k'],
    [40_551_040, '40.6 M'],
    [555_422_720, '555 M'],
    [999_600_000, '1.00 G'],
    [1.38e16, '13.8 P'],
    [2.5e18, '2.50e18'],
    [2.345, '2.35'],
  ])('%d is %s', (value, text) => expect(withPlainSpaces(scaled(value))).toBe(text));

  it('puts a unit after the prefix', () => {
    expect(withPlainSpaces(scaled(5_163_520, 'FLOP'))).toBe('5.16 MFLOP');
    expect(withPlainSpaces(scaled(2.5, 'ms'))).toBe('2.50 ms');
  });

  it.each([
    [512, '512 bytes'],
    [3_686_400, '3.5 MiB'],
    [138_240_000, '132 MiB'],
    [3_041_280_000, '2.8 GiB'],
  ])('%d bytes are roughly %s', (size, text) => expect(withPlainSpaces(roughBytes(size))).toBe(text));

  it('writes measured sizes with a fixed number of decimals', () => {
    expect([512, 138_240_000, 3_041_280_000].map((size) => withPlainSpaces(bytes(size)))).toEqual([
      '0.5 KiB',
      '131.8 MiB',
      '2.83 GiB',
    ]);
  });

  it('groups thousands, but no decimals', () => {
    expect([0, 1, 2, 1200].map((number) => plural(number, 'run'))).toEqual(['0 runs', '1 run', '2 runs', '1,200 runs']);
    expect(plural(2, 'class', 'classes')).toBe('2 classes');
    expect([count(1_281_930), count(1499.6), grouped(1234.5), grouped(-12_345)]).toEqual([
      '1,281,930',
      '1,500',
      '1,234.5',
      '−12,345',
    ]);
  });

  it('writes fractions in percent, and a minus as wide as a plus', () => {
    expect(withPlainSpaces(percent(0.712_49, 1))).toBe('71.2 %');
    expect(percentInterval({ low: -0.0013, high: 0.0596 })).toBe('[−0.13, 5.96]');
    expect(pointsApart(-0.0042)).toBe('0.42');
  });

  it.each([
    [0.123_456, '0.1235'],
    [12_345.6, '12,346'],
    [0.000_12, '1.200e−4'],
    [Number.NaN, 'none'],
  ])('%d has four significant digits: %s', (value, text) => expect(significant(value)).toBe(text));

  it('writes short ticks and dollars', () => {
    expect([countTick(40e6), countTick(1500), countTick(7)]).toEqual(['40 M', '1.5 k', '7']);
    expect([dollars(0.042), dollars(3.214), roughDollars(3.214), roughDollars(32.14)]).toEqual([
      '$0.042',
      '$3.21',
      '$3.21',
      '$32',
    ]);
  });
});
