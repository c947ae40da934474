import { expect, test } from 'vitest';
import type { Transform } from '../manifest/augmentation-schema.ts';
import { Random } from '../random.ts';
import { type DrawContext, drawTransform, type DrawnTransform, draws } from './drawn-transform.ts';

test('an incomplete row does not compile', () => {
  const { grayscale, ...others } = draws;
  // @ts-expect-error a transform of the schema without a row
  const incomplete: typeof draws = others;
  expect(Object.keys({ ...incomplete, grayscale })).toHaveLength(8);
});

const DRAWS = 4000;

/** What is drawn for many images in one view. */
function draw<Type extends DrawnTransform['type']>(
  transform: Transform & { type: Type },
  changes: Partial<DrawContext> = {},
): Extract<DrawnTransform, { type: Type }>[] {
  return drawEach(transform, changes).filter((one) => one !== undefined) as Extract<DrawnTransform, { type: Type }>[];
}

function drawEach(transform: Transform, changes: Partial<DrawContext> = {}): (DrawnTransform | undefined)[] {
  const [ofView, ofImage] = [new Random(1), new Random(2)];
  const drawOne = drawTransform(transform);
  return Array.from({ length: DRAWS }, (_, i) =>
    drawOne({
      random: ofView.split(i),
      randomOfImage: () => ofImage.split(i),
      view: 1,
      imageShape: [32, 32, 3],
      ...changes,
    }),
  );
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

test('an alternating flip mirrors a random half of the images in odd views, and the other half in even ones', () => {
  const flipped = [1, 2, 3].map((view) =>
    drawEach({ type: 'alternatingFlip' }, { view }).map((drawn) => drawn?.type === 'horizontalFlip'),
  );
  expect(Math.abs(flipped[0]!.filter(Boolean).length - DRAWS / 2)).toBeLessThan((3 * Math.sqrt(DRAWS)) / 2);
  expect(flipped[1]).toEqual(flipped[0]!.map((flip) => !flip));
  expect(flipped[2]).toEqual(flipped[0]);
});

test('translations go as far as they may in every direction', () => {
  const drawn = draw({ type: 'translate', pixels: 3, probability: 1 });
  expect(range(drawn.map(({ x }) => x))).toEqual([-3, 3]);
  expect(range(drawn.map(({ y }) => y))).toEqual([-3, 3]);
  expect(drawn.filter(({ x, y }) => x !== y).length).toBeGreaterThan(DRAWS / 2);
});

test.each([
  [{ size: 8, overBorder: true }, [-4, 27], [-4, 15]],
  [{ size: 8, overBorder: false }, [0, 24], [0, 12]],
  [{ size: 30, overBorder: false }, [0, 2], [0, 0]],
])('cutout %o begins where it may in an image of 32 columns and 20 rows', (settings, lefts, tops) => {
  const drawn = draw({ type: 'cutout', probability: 1, ...settings }, { imageShape: [20, 32, 1] });
  expect(range(drawn.map(({ left }) => left))).toEqual(lefts);
  expect(range(drawn.map(({ top }) => top))).toEqual(tops);
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
