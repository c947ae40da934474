import { describe, expect, it } from 'vitest';
import { columnsOf } from '../columns/columns-of.ts';
import { studySpec, troubledSpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { filterRuns, sortRuns } from './filter-runs.ts';

describe('filterRuns', async () => {
  const { data, measurements } = await fixtureReport(small(studySpec()));
  const columns = columnsOf(data, measurements);
  const filter = (text: string) => filterRuns(data, columns, text).map((i) => data.runs[i]!);

  it('keeps every run without a term', () => expect(filter('  ')).toHaveLength(20));
  it('finds words in titles, ignoring case', () =>
    expect(filter('CIFARNET').every((run) => run.experiments[0] === 0)).toBe(true));
  it('finds a setting by the end of its path', () =>
    expect(filter('dropout2d<0.05').map((run) => run.settings['model.dropout2d'])).toEqual([
      0.03, 0.03, 0.03, 0, 0, 0,
    ]));
  it('joins terms and reads percents and thousands', () => {
    const found = filter('testAccuracy>=70% seed=2 parameters<1M');
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((run) => run.seed === 2 && run.evaluation!.test.accuracy >= 0.7 && run.parameters < 1e6)).toBe(
      true,
    );
  });
  it('names a column by its label, too', () => expect(filter('testnll<100')).toHaveLength(20));
});

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
