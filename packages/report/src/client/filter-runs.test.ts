import { describe, expect, it } from 'vitest';
import { columnsOf } from '../columns/columns-of.ts';
import { studySpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { filterRuns } from './filter-runs.ts';

describe('filterRuns', async () => {
  const { data, measurements } = await fixtureReport(small(studySpec()));
  const columns = columnsOf(data, measurements);
  const filter = (text: string) => filterRuns(data, columns, text).runs.map((i) => data.runs[i]!);

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
  it.each(['testAccuracy > 70', 'Test accuracy>70', 'test accuracy >= 70.0001%', 'testAccuracy>0.7'])(
    'reads %s as a percentage, with blanks or without',
    (text) => {
      const found = filter(text);
      expect(found.length).toBeGreaterThan(0);
      expect(found).toHaveLength(data.runs.filter((run) => run.evaluation!.test.accuracy > 0.7).length);
    },
  );
  it('takes the longest label before an operator, and the words before that as words', () =>
    expect(filter('cifarnet test accuracy > 10')).toEqual(filter('cifarnet')));
  it('names a condition that it ignores, and the columns that may be meant', () => {
    const { runs, problems } = filterRuns(data, columns, 'tesAcuracy>50 seed=2');
    expect(runs.map((i) => data.runs[i]!.seed)).toEqual(runs.map(() => 2));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/no column “tesAcuracy”.*Did you mean Test accuracy/);
    expect(filterRuns(data, columns, 'qqq>5').problems[0]).toContain('no column “qqq”');
    expect(filterRuns(data, columns, 'seed>two').problems[0]).toContain('“two” is not a number');
    expect(filterRuns(data, columns, 'testAccuracy>').problems).toEqual([]);
  });
  it('names a column by its label, too', () => expect(filter('testnll<100')).toHaveLength(20));
});
