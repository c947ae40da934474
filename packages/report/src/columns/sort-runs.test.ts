import { describe, expect, it } from 'vitest';
import { troubledSpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { columnsOf } from './columns-of.ts';
import { sortRuns } from './sort-runs.ts';

describe('sortRuns', async () => {
  const { data, measurements } = await fixtureReport(small(troubledSpec()));
  const column = columnsOf(data, measurements).find((c) => c.id === 'testAccuracy')!;
  const all = data.runs.map((_, i) => i);
  it.each([true, false])('puts runs without a value last, descending or not (%s)', (descending) => {
    const values = sortRuns(data, all, column, descending).map((i) => column.value(data.runs[i]!, i));
    expect(values.slice(2).every((v) => v === null)).toBe(true);
    expect((values[0] as number) > (values[1] as number)).toBe(descending);
  });
  it('keeps the plan\u2019s order without a column', () => expect(sortRuns(data, all, undefined, true)).toEqual(all));
});
