import { describe, expect, it } from 'vitest';
import { STYLES } from '../page/styles.ts';
import { orderedStyle, PALETTE, RAMP, type SeriesStyle, seriesStyle } from './palette.ts';

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const look = ({ color, dash }: SeriesStyle): string => `${color} ${dash}`;

describe('the colors of series', () => {
  const papers = [...STYLES.matchAll(/--paper:(#\w{6});--surface:(#\w{6})/g)];
  it.each(['light', 'dark'] as const)('are legible as labels in the %s theme', (theme) => {
    const [, paper, surface] = papers[theme === 'light' ? 0 : 1]!;
    for (const color of [...PALETTE[theme], ...RAMP[theme]])
      for (const ground of [paper!, surface!]) expect(contrast(color, ground), color).toBeGreaterThanOrEqual(4.5);
  });

  const places = Array.from({ length: 24 }, (_, i) => i);
  it('repeat no hue together with its dash among 24 series', () => {
    expect(new Set(places.map((i) => look(seriesStyle(i)))).size).toBe(24);
    for (const count of places.slice(1))
      expect(new Set(places.slice(0, count).map((i) => look(orderedStyle(i, count)))).size).toBe(count);
  });

  it('follow the order of a sweep', () => {
    const steps = places.slice(0, 8).map((i) => Number(/\d+/.exec(orderedStyle(i, 8).color)![0]));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect([steps[0], steps.at(-1)]).toEqual([0, RAMP.light.length - 1]);
  });
});
