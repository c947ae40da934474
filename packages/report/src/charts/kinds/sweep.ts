import { percent, percentTick } from '@bakeoff/statistics/formats';
import { type SectionSweep, sectionSweeps } from '../../names/section-sweeps.ts';
import { type Setting, settingNames, settingText } from '../../data/settings.ts';
import { wrapLabels } from '../../text/wrap-labels.ts';
import { INK, MUTED } from '../axes.ts';
import type { Chart, Drawing, Drawn, Group, Panel } from '../chart.ts';
import { groupAccuracy } from '../groups.ts';
import { labeledValues } from '../labels.ts';
import { type SettingAxis, settingAxis, settingPlace } from '../setting-axis.ts';
import { roundTicks } from '../ticks.ts';
import { sweepGrid } from './sweep-grid.ts';

interface Point {
  readonly value: Setting;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly validation: number | null;
  /** Null for the average over the other swept settings. */
  readonly group: Group | null;
}

/** One setting of a sweep, with the points along it. */
interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  /** Whether each point is an average over other swept settings. */
  readonly isAverage: boolean;
}

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function linePoints({ data, groups }: Drawing, sweep: SectionSweep, k: number): Line {
  const isAverage = sweep.paths.length > 1;
  const points = sweep.points.flatMap(({ experiment, values }): Point[] => {
    const group = groups.find((g) => g.experiment === experiment);
    const accuracy = group && groupAccuracy(data, group);
    if (!accuracy) return [];
    const { low, high } = accuracy.interval ?? { low: accuracy.mean, high: accuracy.mean };
    const validation = data.experiments[experiment]!.validation?.mean ?? null;
    return [{ value: values[k] ?? null, mean: accuracy.mean, low, high, validation, group }];
  });
  const name = settingNames(sweep.paths).get(sweep.paths[k]!)!;
  if (!isAverage) return { name, points, isAverage };
  const averages = [...new Set(points.map((p) => p.value))].map((value): Point => {
    const means = points.filter((p) => p.value === value).map((p) => p.mean);
    return {
      value,
      mean: average(means),
      low: Math.min(...means),
      high: Math.max(...means),
      validation: null,
      group: null,
    };
  });
  return { name, points: averages, isAverage };
}

/** Experiments of the section that are no point of the sweep, to compare it with: the baseline, or all if they are few. */
function beside({ data, groups, section }: Drawing, sweep: SectionSweep): { name: string; mean: number }[] {
  const outside = groups.filter((g) => !sweep.points.some(({ experiment }) => experiment === g.experiment));
  const baseline = section === null ? null : data.sections[section]?.baseline;
  const chosen = outside.length <= 2 ? outside : outside.filter((g) => g.experiment === baseline);
  return chosen.flatMap((group) => {
    const accuracy = groupAccuracy(data, group);
    return accuracy ? [{ name: group.label, mean: accuracy.mean }] : [];
  });
}

const color = ({ group }: Point): string => group?.style.color ?? 'var(--accent)';

const HEIGHT = 330;
const MARGIN_LEFT = 60;
const MARGIN_RIGHT = 24;

function linePanel(drawing: Drawing, sweep: SectionSweep, line: Line, width: number): Panel {
  const { plot, document } = drawing;
  const axis: SettingAxis = settingAxis(line.points.map((p) => p.value));
  // A point without the setting stands to the left of the others.
  const left = axis.hasNone ? 0.14 : 0;
  const place = (value: Setting): number => (value === null ? 0 : left + (1 - left) * settingPlace(axis, value));
  const points = [...line.points].sort((a, b) => place(a.value) - place(b.value));
  const best = points.reduce((a, b) => (b.mean > a.mean ? b : a));
  const others = line.isAverage ? [] : beside(drawing, sweep);
  const values = [...new Set(points.map((p) => p.value))];
  const inner = width - MARGIN_LEFT - MARGIN_RIGHT - 28;
  const labels = wrapLabels(values.map(settingText), Math.max(44, inner / values.length - 6), 12);
  const shown = labeledValues(values.map((value, i) => ({ at: place(value) * inner, text: labels[i]! })));
  const all = [
    ...points.flatMap((p) => [p.low, p.high, ...(p.validation === null ? [] : [p.validation])]),
    ...others.map((o) => o.mean),
  ];
  const span = Math.max(...all) - Math.min(...all);
  const yTicks = roundTicks(Math.min(...all), Math.min(1, Math.max(...all) + span * 0.06), 6);
  const spacing = axis.spacing === 'log' ? ', logarithmic' : axis.spacing === 'even' ? ', evenly spaced' : '';
  const spelled =
    points.length <= 12
      ? points.map((p) => `${settingText(p.value)}: ${percent(p.mean)}`).join('; ')
      : `${points.length} values`;
  const alt =
    `Sweep of ${line.name}: test accuracy by value${line.isAverage ? ', averaged over the other swept settings' : ''}. ` +
    `${spelled}. Highest at ${settingText(best.value)}.${others.map((o) => ` Beside it, ${o.name}: ${percent(o.mean)}.`).join('')}`;
  const at = (p: Point): number => place(p.value);
  const end = place(best.value);
  const svg = plot.draw(document, alt, {
    width,
    height: HEIGHT,
    marginLeft: MARGIN_LEFT,
    marginRight: MARGIN_RIGHT,
    marginBottom: 56,
    marginTop: 26,
    x: {
      domain: [0, 1],
      insetLeft: 14,
      insetRight: 14,
      ticks: values.filter((_, i) => shown.has(i)).map(place),
      tickFormat: (x: number) => labels[values.findIndex((value) => place(value) === x)] ?? '',
      label: `${line.name}${spacing}`,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      domain: [yTicks[0]!, yTicks.at(-1)!],
      ticks: yTicks,
      label: 'test accuracy',
      grid: true,
      labelArrow: 'none',
      tickFormat: percentTick,
    },
    marks: [
      plot.ruleY(others, { y: 'mean', stroke: INK, strokeDasharray: '5 4' }),
      plot.line(
        points.filter((p) => p.value !== null),
        { x: at, y: 'mean', stroke: MUTED, strokeWidth: 1.4 },
      ),
      plot.link(points, { x1: at, x2: at, y1: 'low', y2: 'high', stroke: color, strokeWidth: 1.4 }),
      ...points.map((p) =>
        plot.dot([p], { x: at, y: 'mean', r: 4.8, fill: color(p), symbol: p.group?.style.marker ?? 'circle' }),
      ),
      plot.dot(
        points.filter((p) => p.validation !== null),
        { x: at, y: 'validation', r: 3, stroke: color, fill: 'var(--paper)' },
      ),
      plot.text([best], {
        x: at,
        y: () => Math.max(best.high, best.validation ?? 0),
        text: (p: Point) => percent(p.mean),
        dy: -12,
        dx: end < 0.08 ? -6 : end > 0.92 ? 6 : 0,
        textAnchor: end < 0.08 ? 'start' : end > 0.92 ? 'end' : 'middle',
        fill: INK,
        fontWeight: 600,
      }),
      plot.text(others, {
        frameAnchor: 'right',
        y: 'mean',
        text: (o: { name: string; mean: number }) => wrapLabels([`${o.name}, ${percent(o.mean)}`], inner / 2, 11.5)[0]!,
        dx: -4,
        dy: -5,
        lineAnchor: 'bottom',
        textAnchor: 'end',
        fill: INK,
        stroke: 'var(--paper)',
        strokeWidth: 4,
        fontSize: 11.5,
      }),
    ],
    color: { type: 'identity' },
  });
  return { title: line.isAverage ? `${line.name}, averaged over the other swept settings` : null, alt, svg };
}

/** Test accuracy over each swept setting: along an axis, or as a grid if two settings are swept. */
function drawSweep(drawing: Drawing): Drawn {
  const sweeps = sectionSweeps(
    drawing.data,
    drawing.groups.map((g) => g.experiment),
  );
  const lines = sweeps
    .filter(({ paths }) => paths.length !== 2)
    .flatMap((sweep) => sweep.paths.map((_, k) => ({ sweep, line: linePoints(drawing, sweep, k) })))
    .filter(({ line }) => line.points.length > 1);
  const grids = sweeps.filter(({ paths }) => paths.length === 2).flatMap((sweep) => sweepGrid(drawing, sweep) ?? []);
  if (lines.length + grids.length === 0) return { empty: 'No swept setting of these experiments has results.' };
  const width =
    lines.length + grids.length > 1 && drawing.width > 700 ? Math.floor((drawing.width - 24) / 2) : drawing.width;
  const panels = lines.map(({ sweep, line }) => linePanel(drawing, sweep, line, width));
  const averaged = lines.some(({ line }) => line.isAverage);
  const besides = lines.some(({ sweep, line }) => !line.isAverage && beside(drawing, sweep).length > 0);
  return {
    panels: [...grids, ...panels],
    legend: [],
    note: [
      grids.length > 0 ? 'Cells: mean test accuracy in percent, the highest outlined.' : '',
      lines.length > 0
        ? `Filled: test accuracy with ${averaged ? 'its range over the other swept settings' : 'its 95 % interval (of the mean over seeds; with one seed, for the test images); hollow: validation accuracy'}.`
        : '',
      besides ? 'Dashed: an experiment that is no point of the sweep.' : '',
    ]
      .filter(Boolean)
      .join(' '),
  };
}

export const sweep: Chart = { title: 'Sweep', needs: 'records', draw: drawSweep };
