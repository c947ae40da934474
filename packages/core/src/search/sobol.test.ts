import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { owenScramble, SOBOL_DIMENSIONS, sobolCoordinate } from './sobol.ts';

/** By SciPy: index of a point, and its coordinates in 4096ths; see make_sobol.py. */
const GOLDEN = JSON.parse(
  readFileSync(new URL('../testing/data/sobol.json', import.meta.url), 'utf8'),
) as readonly (readonly [number, readonly number[]])[];

const scrambled = (index: number, dimension: number): number =>
  owenScramble(sobolCoordinate(index, dimension), 0x9e3779b9 * (dimension + 1)) / 2 ** 32;

/** Points in each box of the grid that halves the dimensions this many times. */
function counts(coordinates: typeof scrambled, points: number, halvings: readonly number[]): number[] {
  const boxes = Array.from({ length: 2 ** halvings.reduce((a, b) => a + b) }, () => 0);
  for (let i = 0; i < points; i++) {
    const box = halvings.reduce((at, times, d) => at * 2 ** times + Math.floor(coordinates(i, d) * 2 ** times), 0);
    boxes[box]!++;
  }
  return boxes;
}

/** All ways to halve `dimensions` dimensions `times` times together. */
function halvingsOf(dimensions: number, times: number): number[][] {
  if (dimensions === 1) return [[times]];
  return Array.from({ length: times + 1 }, (_, first) =>
    halvingsOf(dimensions - 1, times - first).map((rest) => [first, ...rest]),
  ).flat();
}

describe('the Sobol sequence', () => {
  it('has the points of SciPy in every dimension', () => {
    expect(GOLDEN[0]?.[1]).toHaveLength(SOBOL_DIMENSIONS);
    for (const [index, expected] of GOLDEN)
      expect(expected.map((_, dimension) => sobolCoordinate(index, dimension) / 2 ** 20)).toEqual(expected);
  });

  it('is still a (0, m, 2)-net and a (1, m, 3)-net when it is scrambled, at every length', () => {
    for (const m of [3, 6, 8]) {
      for (const halvings of halvingsOf(2, m))
        expect(new Set(counts(scrambled, 2 ** m, halvings)), String(halvings)).toEqual(new Set([1]));
      for (const halvings of halvingsOf(3, m - 1))
        expect(new Set(counts(scrambled, 2 ** m, halvings)), String(halvings)).toEqual(new Set([2]));
    }
  });

  it('has one scrambled point in every sixty-fourth of each dimension', () => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++)
      expect(new Set(counts((i) => scrambled(i, dimension), 64, [6])), String(dimension)).toEqual(new Set([1]));
  });

  it('is scrambled differently by each seed, to points that are uniform over seeds', () => {
    const seeds = Array.from({ length: 4000 }, (_, i) => Math.imul(i, 0x85ebca6b) >>> 0);
    for (const index of [0, 1, 5]) {
      const values = seeds.map((seed) => owenScramble(sobolCoordinate(index, 2), seed) / 2 ** 32);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.02);
      expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.005);
    }
  });
});
