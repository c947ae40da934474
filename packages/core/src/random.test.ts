import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

const take = (random: Random, n: number): number[] => Array.from({ length: n }, () => random.uint32());

describe('a random stream', () => {
  it('always gives the same numbers for a seed', () => {
    expect(take(new Random(1), 4)).toMatchInlineSnapshot(`
      [
        441792574,
        614447336,
        1644328534,
        3387734806,
      ]
    `);
    expect(take(new Random(1).split('epoch', 3), 2)).toMatchInlineSnapshot(`
      [
        2665914904,
        1144231522,
      ]
    `);
    expect([...new Random(7).permutation(8)]).toMatchInlineSnapshot(`
      [
        5,
        4,
        2,
        3,
        1,
        0,
        6,
        7,
      ]
    `);
  });

  it('differs between seeds, even beyond 32 bits', () => {
    const seeds = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 52];
    expect(new Set(seeds.map((seed) => take(new Random(seed), 2).join())).size).toBe(seeds.length);
  });

  it('splits only by name, no matter how much it was used', () => {
    const used = new Random(5);
    take(used, 100);
    expect(take(used.split('weights', 'conv1'), 5)).toEqual(take(new Random(5).split('weights', 'conv1'), 5));
  });

  it('gives each path a stream of its own', () => {
    const paths: (string | number)[][] = [
      [],
      ['a'],
      ['b'],
      [1],
      ['1'],
      ['a', 'b'],
      ['a/b'],
      ['a', 1],
      ['a/n1:1'],
      ['ab'],
      ['a', ''],
      ['', 'a'],
      [1, 2],
      [12],
    ];
    const root = new Random(3);
    expect(new Set(paths.map((path) => take(root.split(...path), 2).join())).size).toBe(paths.length);
  });

  it('is uniform: the chi-square of 64 cells over 64,000 draws is not an outlier, even for streams split by neighboring numbers', () => {
    const streams = [
      (i: number) => new Random(i).uniform(),
      (
        (random) => () =>
          random.uniform()
      )(new Random(11)),
      (i: number) => new Random(9).split('image', i).uniform(),
    ];
    for (const draw of streams) {
      const counts = Array.from({ length: 64 }, () => 0);
      for (let i = 0; i < 64_000; i++) counts[Math.floor(draw(i) * 64)]!++;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      // 63 degrees of freedom: exceeded by chance once in a million.
      expect(chiSquare).toBeGreaterThan(20);
      expect(chiSquare).toBeLessThan(130);
    }
  });

  it('draws integers below a bound without bias, and refuses bounds that leave none', () => {
    const random = new Random(2);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[random.integer(3)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    for (const bound of [0, -1, Number.NaN, 2 ** 33]) expect(() => random.integer(bound)).toThrow(RangeError);
  });

  it('draws normal numbers of mean 0, deviation 1 and kurtosis 3', () => {
    const random = new Random(4);
    const values = Array.from({ length: 50_000 }, () => random.normal());
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.02);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.3);
  });

  it('permutes: every index once, every place equally likely', () => {
    const random = new Random(6);
    const firsts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 10_000; i++) {
      const order = random.permutation(5);
      if (order.toSorted().join('') !== '01234') expect.fail(`no permutation: ${order.join()}`);
      firsts[order[0]!]!++;
    }
    for (const count of firsts) expect(Math.abs(count - 2000)).toBeLessThan(220);
  });
});
