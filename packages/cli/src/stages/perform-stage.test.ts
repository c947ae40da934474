import { expect, it } from 'vitest';
import type { Performers } from './perform-stage.ts';

it('a stage without a performer does not compile', () => {
  const others = {} as Omit<Performers, 'compare'>;
  // @ts-expect-error every stage of core's table has a performer
  const incomplete: Performers = others;
  expect(incomplete).toBe(others);
});
