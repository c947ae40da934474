import { Random, type Transform } from '@bakeoff/core';
import { expect, test } from 'vitest';
import { drawTransform, type DrawnTransform, draws } from './drawn-transform.ts';

test('an incomplete row does not compile', () => {
  const { grayscale, ...others } = draws;
  // @ts-expect-error a transform of the schema without a row
  const incomplete: typeof draws = others;
  expect(Object.keys({ ...incomplete, grayscale })).toHaveLength(5);
});

const DRAWS = 4000;

function draw<Type extends DrawnTransform['type']>(
  transform: Transform & { type: Type },
): Extract<DrawnTransform, { type: Type }>[] {
  const random = new Random(1);
  const drawn = Array.from({ length: DRAWS }, (_, i) =>
    drawTransform(transform, random.split(i), { height: 32, width: 32 }),
  );
  return drawn.filter((one) => one !== undefined) as Extract<DrawnTransform, { type: Type }>[];
}

const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)];

test('a transform is applied with its probability', () => {
  expect(draw({ type: 'grayscale', probability: 0 }).length).toBe(0);
  expect(draw({ type: 'horizontalFlip', probability: 1 }).length).toBe(DRAWS);
  // Three standard deviations of a binomial.
  expect(Math.abs(draw({ type: 'grayscale', probability: 0.1 }).length - 400)).toBeLessThan(
    3 * Math.sqrt(DRAWS * 0.1 * 0.9),
  );
});

test('crops begin anywhere in the padding', () => {
  const drawn = draw({ type: 'randomCrop', padding: 4, probability: 1 });
  expect(range(drawn.map(({ left }) => left))).toEqual([0, 8]);
  expect(range(drawn.map(({ top }) => top))).toEqual([0, 8]);
});

test('corners move inward by at most the distortion, on each axis independently', () => {
  const drawn = draw({ type: 'perspective', distortion: 0.5, probability: 1, interpolation: 'bilinear' });
  const ranges = [0, 1, 2, 3].map((corner) =>
    [0, 1].map((axis) => range(drawn.map(({ corners }) => (corners[corner] as readonly number[])[axis]!))),
  );
  const [near, far] = [
    [0, 8],
    [23, 31],
  ];
  expect(ranges).toEqual([
    [near, near],
    [far, near],
    [far, far],
    [near, far],
  ]);
});

test('angles are uniform within the limits', () => {
  const angles = draw({ type: 'rotation', degrees: 45, probability: 1, interpolation: 'nearest' }).map(
    ({ angleDegrees }) => angleDegrees,
  );
  const [low, high] = range(angles) as [number, number];
  expect(low).toBeGreaterThanOrEqual(-45);
  expect(high).toBeLessThan(45);
  expect(Math.abs(angles.filter((angle) => angle < -22.5).length - DRAWS / 4)).toBeLessThan(
    3 * Math.sqrt((DRAWS * 3) / 16),
  );
});
