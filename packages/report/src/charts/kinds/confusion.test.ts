import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { figure } from '../../page/figure.ts';
import { studySpec } from '../../testing/fixture-plan.ts';
import { fixtureReport, small } from '../../testing/fixture-report.ts';
import { sectionGroups } from '../groups.ts';

it.each([
  [10, 10, ''],
  [50, 25, 'One name in 2 is written'],
])('names as many of %i classes as there is room for: %i', async (count, named, note) => {
  const study = small(studySpec());
  const classes = Array.from({ length: count }, (_, i) => `class ${i}`);
  const experiments = study.experiments.slice(0, 1).map((experiment) => ({ ...experiment, seeds: [1] }));
  const { data, measurements } = await fixtureReport({ ...study, classes, experiments, sections: [] });
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const place = { data, measurements, document, width: 928, groups: sectionGroups(data, [0]), section: null };
  const { markup } = figure('confusion', place, '1');
  const names = [...markup.matchAll(/>(class \d+)</g)].map(([, name]) => name);
  expect(names).toHaveLength(2 * named);
  expect(new Set(names).size).toBe(named);
  expect(markup).toContain(note);
  expect(markup.includes('is written')).toBe(note !== '');
});
