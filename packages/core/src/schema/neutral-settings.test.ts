import { expect, it } from 'vitest';
import * as z from 'zod';
import { addedLater, withNeutral, withoutNeutral } from './neutral-settings.ts';
import { whole } from './whole.ts';

const amsgrad = addedLater(z.boolean(), false).describe('Keeps the largest second moment');
const adam = z.strictObject({ type: z.literal('adam'), rate: z.number().default(0.1), amsgrad });
const sgd = z.strictObject({ type: z.literal('sgd'), rate: z.number() });
const schema = z.strictObject({
  optimizer: z.discriminatedUnion('type', [adam, sgd]).describe('How gradients become steps'),
  layers: z.array(z.strictObject({ units: z.int(), bias: addedLater(z.boolean(), true) })).default([]),
  schedule: z.strictObject({ warmup: addedLater(z.number(), 0) }).nullable(),
  extra: addedLater(z.strictObject({ a: z.int(), later: addedLater(z.int(), 7) }).nullable(), null),
});

const before = { optimizer: { type: 'adam', rate: 0.1 }, layers: [{ units: 3 }], schedule: {} };
const neutral = {
  optimizer: { type: 'adam', rate: 0.1, amsgrad: false },
  layers: [{ units: 3, bias: true }],
  schedule: { warmup: 0 },
  extra: null,
};

it('parsing fills neutral values in, and they are left out again, at any depth', () => {
  expect(schema.parse(before)).toEqual(neutral);
  expect(withoutNeutral(schema, neutral)).toEqual(before);
  expect(withNeutral(schema, before)).toEqual(neutral);
});

it('keeps every other value, and what stands beside it', () => {
  const changed = { ...neutral, optimizer: { ...neutral.optimizer, amsgrad: true }, extra: { a: 1, later: 7 } };
  expect(withoutNeutral(schema, changed)).toEqual({
    ...before,
    optimizer: { type: 'adam', rate: 0.1, amsgrad: true },
    extra: { a: 1 },
  });
  expect(withNeutral(schema, withoutNeutral(schema, changed))).toEqual(changed);
  const other = { optimizer: { type: 'sgd', rate: 1, amsgrad: false }, layers: [], schedule: null, extra: null };
  // It means nothing to the other kind.
  expect(withoutNeutral(schema, other)).toEqual({ optimizer: other.optimizer, layers: [], schedule: null });
});

it('copies nothing where no setting was added later', () => {
  const plain = z.object({ a: z.array(z.object({ b: z.int().default(1) })) });
  const value = { a: [{ b: 1 }] };
  expect(withoutNeutral(plain, value)).toBe(value);
  expect(withNeutral(plain, value)).toBe(value);
});

it('the schema of what is whole lacks every default but those that are left out', () => {
  expect(whole(schema).safeParse(before).success).toBe(true);
  const { rate: _rate, ...withoutRate } = before.optimizer;
  expect(whole(schema).safeParse({ ...before, optimizer: withoutRate }).error?.issues[0]?.path).toEqual([
    'optimizer',
    'rate',
  ]);
  expect(whole(schema).safeParse({ ...before, layers: undefined }).success).toBe(false);
  const doubled = z.object({
    value: z.union([z.int(), z.string()]).transform(Number).pipe(z.number().max(5)).default(1),
  });
  expect(whole(doubled).safeParse({ value: 5 }).success).toBe(true);
  expect(whole(doubled).safeParse({ value: '5' }).success).toBe(false);
});
