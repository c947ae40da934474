import { describe, expect, it } from 'vitest';
import { reportCsv, reportRows } from './csv.ts';
import { hostileSpec, studySpec, troubledSpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { reportMarkdown } from './markdown-summary.ts';

describe('reportCsv', () => {
  it('has one line per run with every digit, and an empty field if there is no value', async () => {
    const { data, measurements } = await fixtureReport(small(troubledSpec()));
    const lines = reportCsv(data, measurements).split('\r\n');
    expect(lines).toHaveLength(data.runs.length + 2);
    const head = lines[0]!.split(',');
    const rows = reportRows(data, measurements);
    expect(rows[0]!['testAccuracy']).toBe(data.runs[0]!.evaluation!.test.accuracy);
    expect(rows[4]!['testAccuracy']).toBeNull();
    expect(head).toContain('model.dropout2d');
    expect(lines[1]).toContain(String(data.runs[0]!.evaluation!.test.nll));
  });

  it('contains no formula for a spreadsheet', async () => {
    const { data, measurements } = await fixtureReport(hostileSpec());
    const title = { ...data, experiments: data.experiments.map((e) => ({ ...e, title: '=HYPERLINK("x"),\n1' })) };
    expect(reportCsv(title, measurements).split('\r\n')[1]).toContain('"\'=HYPERLINK(""x""),\n1"');
  });
});

describe('reportMarkdown', () => {
  it('has the summary, the experiments with the best first, and what is missing', async () => {
    const { data, measurements } = await fixtureReport(small(troubledSpec()));
    const text = reportMarkdown(data, {
      ...measurements,
      failures: data.runs.map((run) => (run.status === 'notEvaluated' ? 'evaluate failed: exit code 2' : null)),
    });
    expect(text).toMatch(/^## A plan in which much went wrong\n/);
    expect(text).toContain('**4 trainings without a result**');
    expect(text).toContain('- Never started, seed 1: no record\n');
    expect(text).toContain('- Trained, not evaluated, seed 1: not evaluated; evaluate failed: exit code 2\n');
    expect(text.split('\n').filter((line) => line.startsWith('| ')).length).toBe(4);
  });

  it('orders by mean validation accuracy, by which the best is chosen', async () => {
    const { data, measurements } = await fixtureReport(small(studySpec()));
    const rows = reportMarkdown(data, measurements)
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    const shown = rows.map((line) => Number.parseFloat(line.split(' | ')[2]!));
    expect(shown).toHaveLength(7);
    expect(shown).toEqual([...shown].sort((a, b) => b - a));
    expect(rows[0]).toContain('| chosen |');
  });

  it('makes a title inert: no markup, no mention, no line of its own', async () => {
    const { data, measurements } = await fixtureReport(hostileSpec());
    const text = reportMarkdown({ ...data, title: '<b>@everyone</b>\n# x | `y` [z](https://e.org)' }, measurements);
    expect(text.split('\n')[0]).toBe('## &lt;b&gt;@\u200Beveryone&lt;/b&gt; \\# x \\| \\`y\\` \\[z\\](https://e.org)');
    expect(text).not.toContain('<script');
  });
});
