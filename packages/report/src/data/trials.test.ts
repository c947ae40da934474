import { beforeAll, describe, expect, it } from 'vitest';
import { settingPaths } from '../columns/columns-of.ts';
import { reportRows } from '../exports/csv.ts';
import { reportMarkdown } from '../exports/markdown-summary.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import type { FixtureExperiment } from '../testing/fixture-plan.ts';
import { searchSpec } from '../testing/fixture-search.ts';
import { isPassedOver } from './trials.ts';

it('what a search draws for a layer is a setting of its own, in place of the list of layers', async () => {
  const spec = searchSpec(3);
  const path = 'model.layers.conv1.filters';
  const experiments = spec.experiments.slice(0, 3).map((experiment, i): FixtureExperiment => ({
    ...experiment,
    trial: { ...experiment.trial!, values: { [path]: 8 + i } },
    model: { type: 'layers', layers: [{ type: 'conv2d', name: 'conv1', filters: 8 + i }] },
    l2: 0,
    options: {},
  }));
  const sections = [{ ...spec.sections[0]!, experiments: experiments.map(({ id }) => id) }];
  const { data } = await fixtureReport(small({ ...spec, experiments, sections }));
  expect(data.runs.map(({ settings }) => settings[path])).toEqual([8, 9, 10]);
  expect(settingPaths(data)).toEqual([path]);
});

describe('the trials of a search', () => {
  let report: Awaited<ReturnType<typeof fixtureReport>>;
  beforeAll(async () => {
    report = await fixtureReport(small(searchSpec(6)));
  });

  it('have validation results, and the chosen one alone has test results', () => {
    const { experiments, runs } = report.data;
    const trials = experiments.filter(({ trial }) => trial !== undefined);
    const [best] = [...trials].sort((a, b) => (b.validation?.mean ?? 0) - (a.validation?.mean ?? 0));
    expect(trials.filter((e) => !isPassedOver(e))).toEqual([best]);
    for (const { trial, test, validation, runs: own } of trials) {
      expect(validation === null).toBe(trial!.number === 6);
      expect(test === null).toBe(!trial!.chosen);
      expect(runs[own[0]!]!.evaluation === null).toBe(!trial!.chosen);
      expect(runs[own[0]!]!.heldBack ?? false).toBe(!trial!.chosen && trial!.number !== 6);
    }
  });

  it('are one row of the ranking, are compared as one, and the summary says what was chosen from how many', () => {
    const { rankings, sections, summary, experiments } = report.data;
    const chosen = experiments.findIndex(({ trial }) => trial?.chosen);
    const { number } = experiments[chosen]!.trial!;
    expect(new Set(rankings[0]?.rows.map(({ experiment }) => experiment))).toEqual(new Set([chosen, 6]));
    expect(rankings[0]?.rows).toHaveLength(2);
    expect(sections[0]?.checkpoints).toHaveLength(1);
    expect(summary.join(' ')).toContain(`The search resnet20 chose trial ${number} (batchSize `);
    expect(summary.join(' ')).toContain('of its 5 of 6 trials with results');
    expect(summary.join(' ')).toContain('1 planned training of 7 has no result');
    expect(reportMarkdown(report.data, report.measurements)).toContain('**1 training without a result**');
  });

  it('are named by search and number in the CSV, which has no test figure of those that were not chosen', () => {
    const rows = reportRows(report.data, report.measurements);
    expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining(['search', 'trial', 'chosenTrial']));
    const trials = rows.filter(({ search }) => search === 'resnet20');
    expect(trials.map(({ trial }) => trial)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const row of trials) {
      for (const figure of ['testAccuracy', 'balancedAccuracy', 'testNll', 'gap'])
        expect([figure, row[figure] !== null]).toEqual([figure, row['chosenTrial']]);
      expect(row['model.dropout2d']).not.toBeNull();
      expect(row['validationBest'] !== null).toBe(row['trial'] !== 6);
    }
  });
});
