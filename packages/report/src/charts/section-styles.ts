import type { ReportData } from '../data/report-data.ts';
import type { Setting } from '../data/settings.ts';
import { sectionSweeps, type SweepPoint } from '../names/section-sweeps.ts';
import { besideStyle, orderedStyle, type SeriesStyle, seriesStyle } from './palette.ts';

type Data = Pick<ReportData, 'experiments' | 'runs'>;

const isOrdered = (value: Setting): boolean => typeof value === 'number' || value === null;
const byValues = (a: SweepPoint, b: SweepPoint): number => {
  const place = a.values.findIndex((value, i) => value !== b.values[i]);
  return place < 0 ? 0 : Number(a.values[place] ?? -Infinity) - Number(b.values[place] ?? -Infinity);
};

/** Experiments beside an ordered sweep that still look different from each other without a hue. */
const MAX_BESIDE = 2;

/**
 * Color, dash and marker of each experiment of a section. They depend on the section alone, so that an experiment looks
 * the same in all of its charts: a way through the hues if the section is a sweep of numbers, distinct hues otherwise.
 */
export function sectionStyles(data: Data, experiments: readonly number[]): Map<number, SeriesStyle> {
  const unique = [...new Set(experiments)];
  const [sweep, ...more] = sectionSweeps(data, unique);
  const points = (sweep?.points ?? []).filter(({ values }) => values.every(isOrdered)).sort(byValues);
  const beside = unique.filter((e) => !points.some(({ experiment }) => experiment === e));
  if (more.length > 0 || points.length < 3 || beside.length > MAX_BESIDE)
    return new Map(unique.map((e, i) => [e, seriesStyle(i)]));
  return new Map([
    ...points.map(({ experiment }, i): [number, SeriesStyle] => [experiment, orderedStyle(i, points.length)]),
    ...beside.map((e, i): [number, SeriesStyle] => [e, besideStyle(i)]),
  ]);
}
