import { describe, expect, it } from 'vitest';
import { studySpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { pickedGroups, sectionGroups } from './groups.ts';

describe('the groups of a section', async () => {
  const { data } = await fixtureReport(small(studySpec()));
  const sweep = sectionGroups(data, [1, 2, 3, 4]);

  it('are named and colored in the order of a sweep’s values, whatever their order in the section', () => {
    expect(sweep.map(({ label }) => label)).toEqual(['0.2', '0.1', '0.03', '0']);
    expect(sweep[0]!.heading).toBe('dropout2d');
    const steps = sweep.map(({ style }) => Number(/ramp-(\d+)/.exec(style.color)![1]));
    expect(steps).toEqual([11, 7, 4, 0]);
    expect(sectionGroups(data, [4, 3, 2, 1]).map(({ style }) => style)).toEqual(sweep.map((g) => g.style).reverse());
  });

  it('draw what stands beside a sweep without a hue', () => {
    const [cifarnet] = sectionGroups(data, [0, 1, 2, 3, 4]);
    expect(cifarnet!.style.color).toBe('var(--ink)');
  });

  it('of picked runs have their experiment’s color and differ by dash, also if there are many', () => {
    const [a, b, c] = pickedGroups(data, [0, 1, 3]);
    expect(b!.style.color).toBe(a!.style.color);
    expect(b!.style.dash).not.toBe(a!.style.dash);
    expect(c!.style.color).not.toBe(a!.style.color);
    expect(a!.label).toMatch(/, seed 1$/);
    const all = pickedGroups(data, [...data.runs.keys()]);
    expect(new Set(all.map(({ style }) => `${style.color} ${style.dash}`)).size).toBe(all.length);
  });
});
