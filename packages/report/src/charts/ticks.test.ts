import { describe, expect, it } from 'vitest';
import { countAxisTick, smallTick } from './axes.ts';
import { placeLabels } from './place-labels.ts';
import { settingAxis, settingPlace } from './setting-axis.ts';
import { logTicks, roundTicks } from './ticks.ts';

describe('ticks', () => {
  it('are round and reach beyond the values', () => {
    expect(roundTicks(0.412, 0.587, 6)).toEqual([0.4, 0.45, 0.5, 0.55, 0.6]);
    expect(roundTicks(0.5, 0.5, 6).length).toBeGreaterThan(1);
  });
  it('of logarithmic axes are no more than asked for', () => {
    expect(logTicks(4e6, 3e8, 8)).toEqual([5e6, 1e7, 2e7, 5e7, 1e8, 2e8]);
    expect(logTicks(1, 1e6, 4)).toEqual([1, 100, 10_000, 1e6]);
  });
  it('are in SI units', () => {
    expect([900, 2500, 40_000, 1_200_000].map(countAxisTick)).toEqual(['900', '2,500', '40 k', '1.2 M']);
    expect([0, 0.01, 2e-4, -1.5e-5].map(smallTick)).toEqual(['0', '0.01', '2e\u22124', '\u22121.5e\u22125']);
  });
});

describe('the axis of a setting', () => {
  it('has true spacing, on a logarithmic scale over decades, and even spacing where neither is possible', () => {
    expect(settingAxis([0.3, 0.1, 0.2]).spacing).toBe('linear');
    expect(settingAxis([1e-4, 1e-2]).spacing).toBe('log');
    expect(settingAxis([0, 1e-5, 1e-3]).spacing).toBe('even');
    expect(settingAxis(['sgd', null, 'adam'])).toEqual({ values: ['adam', 'sgd'], hasNone: true, spacing: 'even' });
    expect(settingPlace(settingAxis([1, 2, 5]), 2)).toBe(0.25);
    expect(settingPlace(settingAxis([1, 10, 100]), 10)).toBeCloseTo(0.5, 12);
  });
});

describe('placeLabels', () => {
  it('covers neither marks nor other labels, within the frame', () => {
    const frame = { left: 0, right: 300, top: 0, bottom: 200 };
    const marks = [1, 2, 3, 4].map((i) => ({ x: 280, y: 100 + i, width: 80, height: 14 }));
    const placed = placeLabels(marks, [], frame).map(({ x, y, anchor }) => {
      const left = anchor === 'start' ? x : anchor === 'end' ? x - 80 : x - 40;
      return { left, right: left + 80, top: y - 7, bottom: y + 7 };
    });
    for (const [i, a] of placed.entries()) {
      expect(a.right).toBeLessThanOrEqual(300);
      for (const b of placed.slice(i + 1))
        expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 1e-6 || b.bottom <= a.top + 1e-6).toBe(
          true,
        );
    }
  });
});
