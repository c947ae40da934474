import { describe, expect, it } from 'vitest';
import { parseHTML } from 'linkedom';
import { studySpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { searchSpec } from '../testing/fixture-search.ts';
import { figure } from '../page/figure.ts';
import type { Chart } from './chart.ts';
import { sectionGroups } from './groups.ts';
import { chartNamed, CHARTS } from './registry.ts';
import { chartVocabulary } from './vocabulary.ts';

const draw = (): { empty: string } => ({ empty: 'nothing' });

describe('the registry of charts', async () => {
  const { data, measurements } = await fixtureReport(small(studySpec()));
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const place = { data, measurements, document, width: 600, groups: sectionGroups(data, [0, 1, 2]), section: 0 };
  const search = await fixtureReport(small(searchSpec(4)));
  const searched = { ...place, ...search, groups: sectionGroups(search.data, [0, 1, 2]) };

  it.each(Object.keys(CHARTS))('draws %s under its title', (name) => {
    const { markup } = figure(name, name === 'slices' ? searched : place, '1.1');
    expect(markup).toContain(`</span> <span class="title">${chartNamed(name)!.title}</span></figcaption>`);
    expect(markup).not.toContain('class="empty"');
    expect(markup.includes('<!--measurements-->')).toBe(chartNamed(name)!.needs === 'measurements');
  });

  it('says so if a plan names a chart that this version does not have', () => {
    expect(chartNamed('toString')).toBeUndefined();
    expect(figure('later', place, '1.1').markup).toContain('This version of Bakeoff does not have this chart.');
  });

  it('offers every name to the manifest, and every default names a chart', () => {
    expect(chartVocabulary.names).toEqual(Object.keys(CHARTS));
    for (const swept of [true, false])
      for (const searched of [true, false])
        for (const name of chartVocabulary.defaults({ swept, searched })) expect(chartNamed(name)).toBeDefined();
  });

  it('an incomplete row does not compile', () => {
    const rows: Chart[] = [
      // @ts-expect-error: a chart has a drawing function.
      { title: 'No drawer', needs: 'records' },
      // @ts-expect-error: a chart says what it needs.
      { title: 'No needs', draw },
      // @ts-expect-error: a chart has a title.
      { needs: 'records', draw },
      // @ts-expect-error: a drawing function returns a figure, or says why there is none.
      { title: 'Draws nothing', needs: 'records', draw: () => null },
    ];
    expect(rows).toHaveLength(4);
  });
});
