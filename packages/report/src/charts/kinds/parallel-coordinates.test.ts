import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { studySpec } from '../../testing/fixture-plan.ts';
import { fixtureReport, small } from '../../testing/fixture-report.ts';
import { sectionGroups } from '../groups.ts';
import { plotter } from '../plotter.ts';
import { parallelCoordinates } from './parallel-coordinates.ts';

describe('parallel axes', async () => {
  const spec = small(studySpec());
  const [cifarnet, ...others] = spec.experiments;
  // In no order, and after six other settings that differ.
  const swept = [1e-3, 5e-3, 0, 1e-5].map((l2, i) => ({
    ...others[0]!,
    id: `l2-${i}`,
    title: `ResNet20, weight decay (l2 ${l2})`,
    group: 'l2',
    sweepValues: { 'optimizer.l2': l2 },
    l2,
  }));
  const { data } = await fixtureReport({ ...spec, experiments: [cifarnet!, ...swept, others.at(-1)!], sections: [] });
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const groups = sectionGroups(data, [...data.experiments.keys()]);
  const drawn = parallelCoordinates.draw({
    data,
    measurements: null,
    document,
    plot: plotter,
    width: 928,
    groups,
    section: null,
  });
  if (!('panels' in drawn)) throw new Error('nothing was drawn');
  const texts = [...drawn.panels[0]!.svg.querySelectorAll('text')].map((text) => {
    const [, x, y] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(text.getAttribute('transform') ?? '')!.map(Number);
    return { text: text.textContent, x: x!, y: y! };
  });

  /** The texts on the axis of a title, from the bottom to the top. */
  const ticksOf = (place: number): string[] => {
    const columns = [...new Set(texts.map(({ x }) => x))].sort((a, b) => a - b);
    return texts
      .filter(({ x, y }) => x === columns[place] && y > 50)
      .sort((a, b) => b.y - a.y)
      .map(({ text }) => text)
      .filter((text) => !/^[a-z]\w*\d?$/i.test(text) || text === 'none');
  };

  it('begin with the swept setting, whose values rise', () => {
    expect(drawn.panels[0]!.alt).toMatch(/runs through l2, /);
    expect(ticksOf(0)).toEqual(['0', '0.00001', '0.001', '0.005']);
  });

  it('have a lane for runs that lack a setting, below all values', () => {
    const at = /through (.*)\./.exec(drawn.panels[0]!.alt)![1]!.split(', ').indexOf('dropout2d');
    expect(at).toBeGreaterThan(0);
    expect(ticksOf(at)[0]).toBe('none');
  });

  it('say in the note what they do', () => {
    expect(drawn.note).toContain('Runs that lack a setting, or have none, pass at the bottom');
    expect(drawn.note).toContain('evenly spaced if they do so from zero');
  });
});
