import { describe, expect, it } from 'vitest';
import { small, fixtureReport } from '../../testing/fixture-report.ts';
import { studySpec, troubledSpec } from '../../testing/fixture-plan.ts';
import { callsForLog } from '../axes.ts';
import { notShownWorse, paretoFront } from '../kinds/pareto-front.ts';
import type { CurveOptions } from './curve-view.ts';
import { curveSeries, seriesAt, smooth } from './series.ts';
import { pickedGroups, sectionGroups } from '../groups.ts';

const VIEW: CurveOptions = {
  metric: 'accuracy',
  splits: ['validation'],
  axis: 'epoch',
  smoothing: 0,
  log: false,
  seeds: 'mean',
};

describe('curveSeries', async () => {
  const { data, measurements } = await fixtureReport(small(studySpec()));
  const [cifarnet] = sectionGroups(data, [0]);
  const runs = cifarnet!.runs.map((i) => data.runs[i]!);

  it('draws the mean over all seeds at each epoch, and says how many reached it', () => {
    const [series] = curveSeries(data, null, [cifarnet!], VIEW);
    const shortest = Math.min(...runs.map((run) => run.epochs.length));
    const mean = runs.reduce((sum, run) => sum + run.epochs[4]!.validationAccuracy, 0) / runs.length;
    expect(series!.x[4]).toBe(5);
    expect(series!.y[4]).toBeCloseTo(mean, 15);
    expect(series!.reached[shortest - 1]).toBe(3);
    expect(series!.reached[shortest]).toBeLessThan(3);
    expect(series!.low![4]).toBe(Math.min(...runs.map((run) => run.epochs[4]!.validationAccuracy)));
  });

  it('draws each seed separately with exactly the record\u2019s values', () => {
    const series = curveSeries(data, null, [cifarnet!], { ...VIEW, seeds: 'each', metric: 'loss' });
    expect(series.map((s) => Array.from(s.y))).toEqual(runs.map((run) => run.epochs.map((row) => row.validationLoss)));
    expect(new Set(series.map((s) => `${s.group.style.color} ${s.group.style.dash}`)).size).toBe(3);
  });

  it('draws one run\u2019s curve on every axis, ending where the run ended', () => {
    const [run] = runs;
    const picked = pickedGroups(data, [0]);
    const end = (axis: CurveOptions['axis']): number =>
      curveSeries(data, measurements, picked, { ...VIEW, axis })[0]!.x.at(-1)!;
    expect(end('epoch')).toBe(run!.epochs.length);
    expect(end('step')).toBe(run!.steps);
    expect(end('images')).toBe(run!.imagesSeen);
    expect(end('seconds')).toBeCloseTo(measurements.runs[0]!.epochEndSeconds.at(-1)!, 9);
  });

  it('has no wall-clock curve without measurements', () => {
    expect(curveSeries(data, null, [cifarnet!], { ...VIEW, axis: 'seconds' })).toEqual([]);
  });

  it('keeps the spike of every training curve inside the drawn area', () => {
    const [series] = curveSeries(data, null, pickedGroups(data, [0]), {
      ...VIEW,
      metric: 'loss',
      splits: ['train'],
      axis: 'step',
    });
    expect(Math.max(...series!.high!)).toBe(5.5);
  });
});

describe('curveSeries of runs that went wrong', async () => {
  const { data } = await fixtureReport(small(troubledSpec()));
  it('draws a diverged run as far as it has numbers, a single epoch as one point, and nothing for a missing run', () => {
    const series = curveSeries(
      data,
      null,
      sectionGroups(
        data,
        data.experiments.map((_, i) => i),
      ),
      VIEW,
    );
    const byTitle = new Map(series.map((s) => [s.group.name, s]));
    expect(byTitle.get('One epoch only')!.x).toHaveLength(1);
    expect(byTitle.get('Learning rate too high')!.x).toHaveLength(2);
    expect(byTitle.has('Never started')).toBe(false);
    expect(byTitle.has('Ran out of memory')).toBe(false);
  });
});

describe('smooth', () => {
  it('is debiased: a constant stays the constant from its first point', () => {
    expect([...smooth(Float64Array.of(2, 2, 2), 0.9)].every((v) => Math.abs(v - 2) < 1e-12)).toBe(true);
  });
  it('equals values worked out by hand for two points, and skips gaps', () => {
    const [a, b, c] = smooth(Float64Array.of(1, Number.NaN, 3), 0.5);
    expect([a, b]).toEqual([1, Number.NaN]);
    expect(c).toBeCloseTo((0.5 * 0.5 * 1 + 0.5 * 3) / 0.75, 12);
  });
});

describe('seriesAt', () => {
  const series = { x: Float64Array.of(1, 2, 4), y: Float64Array.of(10, 20, 40) };
  it('takes the nearest point', () => expect([seriesAt(series, 1.4)!.y, seriesAt(series, 3.2)!.y]).toEqual([10, 40]));
  it('reads nothing far beyond the ends', () => expect(seriesAt(series, 9)).toBeUndefined());
});

describe('paretoFront', () => {
  it('keeps the points that no cheaper point beats, by rising cost', () => {
    const front = paretoFront([
      { cost: 3, accuracy: 0.9 },
      { cost: 1, accuracy: 0.5 },
      { cost: 2, accuracy: 0.4 },
      { cost: 1, accuracy: 0.6 },
      { cost: 4, accuracy: 0.9 },
    ]);
    expect(front).toEqual([
      { cost: 1, accuracy: 0.6 },
      { cost: 3, accuracy: 0.9 },
    ]);
  });
});

describe('notShownWorse', () => {
  it('keeps what no point of the same or a lower cost is shown to beat', () => {
    const points = [
      { cost: 1, low: 0.5, high: 0.6 },
      { cost: 2, low: 0.55, high: 0.65 },
      { cost: 3, low: 0.4, high: 0.49 },
      { cost: 0.5, low: 0.1, high: 0.2 },
    ];
    expect(notShownWorse(points, (a, b) => a.low > b.high).map(({ cost }) => cost)).toEqual([1, 2, 0.5]);
  });
});

describe('callsForLog', () => {
  it('needs values above zero that span more than a decade', () => {
    expect([[1, 11], [0, 100], [1, 9], [-1, 100], [5]].map(callsForLog)).toEqual([true, false, false, false, false]);
  });
});
