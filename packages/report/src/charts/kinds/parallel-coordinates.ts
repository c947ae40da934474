import { percent, plainNumber } from '@bakeoff/statistics/formats';
import { varyingSettings } from '../../data/settings.ts';
import type { ReportRun } from '../../data/report-data.ts';
import { clip } from '../../text/clip.ts';
import { plural } from '../../text/plural.ts';
import { FAINT, INK, MUTED, callsForLog } from '../axes.ts';
import type { Chart, Drawing, Drawn } from '../chart.ts';
import { leading } from '../groups.ts';
import { legendOf } from '../labels.ts';

/** With this many axes, there is still room for their labels. */
const MAX_SETTINGS = 6;

interface Axis {
  readonly label: string;
  /** Position of a run on the axis, 0 (bottom) … 1 (top). */
  readonly place: (run: ReportRun) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

function numericAxis(
  label: string,
  value: (run: ReportRun) => number,
  runs: readonly ReportRun[],
  format: (v: number) => string,
): Axis {
  const values = runs.map(value);
  const scale = callsForLog(values) ? Math.log : (v: number) => v;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const place = (v: number): number => (high === low ? 0.5 : (scale(v) - scale(low)) / (scale(high) - scale(low)));
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const ticks = distinct.length <= 6 ? distinct : [low, high];
  return { label, place: (run) => place(value(run)), ticks: ticks.map((v) => ({ at: place(v), label: format(v) })) };
}

function settingAxis(path: string, runs: readonly ReportRun[]): Axis {
  const values = [...new Set(runs.map((run) => run.settings[path] ?? null))];
  if (values.every((v) => typeof v === 'number'))
    return numericAxis(
      path,
      (run) => run.settings[path] as number,
      runs,
      (v) => plainNumber(v),
    );
  const place = (run: ReportRun): number =>
    values.length === 1 ? 0.5 : values.indexOf(run.settings[path] ?? null) / (values.length - 1);
  return {
    label: path,
    place,
    ticks: values.slice(0, 12).map((v, i) => ({
      at: values.length === 1 ? 0.5 : i / (values.length - 1),
      label: v === null ? 'none' : clip(String(v), 14),
    })),
  };
}

/** One line per run, through its varying settings to its accuracies. */
function drawParallel(drawing: Drawing): Drawn {
  const { data, groups, width, document, plot } = drawing;
  const { line, ruleX, text } = plot;
  const rows = groups.flatMap((group) =>
    group.runs.flatMap((i) => (data.runs[i]?.evaluation ? [{ group, run: data.runs[i] }] : [])),
  );
  const runs = rows.map((row) => row.run);
  if (runs.length < 2) return { empty: 'Fewer than two runs are evaluated, so there is nothing to compare.' };
  const varying = varyingSettings(runs.map((run) => run.settings));
  const axes = [
    ...varying.slice(0, MAX_SETTINGS).map((path) => settingAxis(path, runs)),
    numericAxis(
      'validation accuracy',
      (run) => run.evaluation?.validation.accuracy ?? 0,
      runs,
      (v) => percent(v, 1),
    ),
    numericAxis(
      'test accuracy',
      (run) => run.evaluation?.test.accuracy ?? 0,
      runs,
      (v) => percent(v, 1),
    ),
  ];
  const bright = new Set(leading(data, groups, 10));
  const points = rows.flatMap(({ group, run }, z) => axes.map((axis, x) => ({ z, x, y: axis.place(run), group })));
  const names = axes.map((axis) => axis.label.split('.').slice(-2).join('.'));
  const alt = `Parallel coordinates. ${plural(runs.length, 'run')} through ${names.join(', ')}.`;
  const narrow = width < 560;
  const marks = [...new Set(rows.map((row) => row.group))]
    .sort((a, b) => Number(bright.has(a)) - Number(bright.has(b)))
    .map((group) => {
      const dashes = group.style.dash;
      return line(
        points.filter((p) => p.group === group),
        {
          x: 'x',
          y: 'y',
          z: 'z',
          stroke: bright.has(group) ? group.style.color : MUTED,
          strokeOpacity: bright.has(group) ? 0.85 : Math.max(0.03, Math.min(0.2, 30 / runs.length)),
          strokeWidth: 1.4,
          curve: 'bump-x',
          ...(dashes === 'none' ? {} : { strokeDasharray: dashes }),
        },
      );
    });
  const ticks = axes.flatMap((axis, x) => axis.ticks.map((tick) => ({ x, ...tick })));
  const svg = plot.draw(document, alt, {
    width,
    height: 350,
    marginTop: 50,
    marginBottom: 20,
    marginLeft: narrow ? 44 : 70,
    marginRight: narrow ? 44 : 70,
    x: { axis: null, domain: [0, axes.length - 1] },
    y: { axis: null, domain: [0, 1] },
    marks: [
      ...marks,
      ruleX(
        axes.map((_, x) => x),
        { stroke: FAINT, strokeWidth: 1.5 },
      ),
      text(ticks, {
        x: 'x',
        y: 'at',
        text: 'label',
        dx: 6,
        textAnchor: 'start',
        fill: INK,
        stroke: 'var(--paper)',
        strokeWidth: 4,
        fontSize: 11,
      }),
      ...[0, 1].map((parity) =>
        text(names, {
          filter: (_: string, i: number) => i % 2 === parity,
          x: (_: string, i: number) => i,
          frameAnchor: 'top',
          dy: parity === 0 ? -34 : -20,
          text: (n: string) => clip(n.replace(/^model\.|^optimizer\./, ''), narrow ? 13 : 22),
          fontWeight: 600,
          fill: INK,
        }),
      ),
    ],
  });
  const dropped =
    varying.length > MAX_SETTINGS
      ? ` Only the first ${MAX_SETTINGS} of ${varying.length} varying settings have an axis.`
      : '';
  return {
    panels: [{ title: null, alt, svg }],
    ...legendOf([...bright]),
    note:
      'Each line is a run. Axes run from the lowest value at the bottom to the highest at the top; ' +
      `they are logarithmic if the values span decades.${dropped}`,
  };
}

export const parallelCoordinates: Chart = {
  title: 'Settings and accuracies side by side',
  needs: 'records',
  draw: drawParallel,
};
