import { percent } from '@bakeoff/statistics/formats';
import { sweptFirst } from '../../names/section-sweeps.ts';
import { type Setting, settingNames, settingText } from '../../data/settings.ts';
import type { ReportRun } from '../../data/report-data.ts';
import { isEvaluated, validationOf } from '../../data/trials.ts';
import { listed } from '../../text/listed.ts';
import { plural } from '../../text/plural.ts';
import { wrapLabels } from '../../text/wrap-labels.ts';
import { FAINT, INK, MUTED } from '../axes.ts';
import type { Chart, Drawing, Drawn } from '../chart.ts';
import { leading } from '../groups.ts';
import { legendOf } from '../labels.ts';
import { type SettingAxis, settingAxis, settingPlace, settingTicks } from '../setting-axis.ts';

/** Pixels between two axes that leave room for the labels between them. */
const SPACE = 96;
/** Settings that have an axis on a wide screen; swept ones come first. */
const MAX_SETTINGS = 8;
const FONT_SIZE = 11;
/** Pixels beside the first and the last axis. */
const MARGIN = 16;
/** Round ticks of a searched setting. */
const MOST_TICKS = 6;
/** Height of the lane at the bottom for runs that lack a setting, as a share of the axis. */
const LANE = 0.16;

interface Axis {
  readonly label: string;
  /** Position of a run on the axis, 0 (bottom) … 1 (top). */
  readonly place: (run: ReportRun) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly hasLane: boolean;
}

/** The first and last of the ticks, and those between that are not too close to another. */
function apart<T extends { readonly at: number }>(ticks: readonly T[]): T[] {
  const last = ticks.at(-1);
  const kept: T[] = [];
  for (const tick of ticks)
    if (tick === last || ((kept.at(-1)?.at ?? -1) + 0.055 <= tick.at && tick.at <= last!.at - 0.055)) kept.push(tick);
  return kept;
}

function axisOf(
  label: string,
  value: (run: ReportRun) => Setting,
  runs: readonly ReportRun[],
  format: (value: Setting) => string,
  sampled = false,
): Axis {
  const axis: SettingAxis = settingAxis(runs.map(value), sampled);
  const bottom = axis.hasNone ? LANE : 0;
  const at = (v: Setting): number => (v === null ? 0 : bottom + (1 - bottom) * settingPlace(axis, v));
  const ticks = apart(
    (sampled ? settingTicks(axis, MOST_TICKS) : axis.values).map((v) => ({ at: at(v), label: format(v) })),
  );
  return {
    label,
    place: (run) => at(value(run)),
    ticks: axis.hasNone ? [{ at: 0, label: 'none' }, ...ticks] : ticks,
    hasLane: axis.hasNone,
  };
}

/** One line per run, through its varying settings to its accuracies. */
function drawParallel(drawing: Drawing): Drawn {
  const { data, width, document, plot } = drawing;
  // Beside trials of a search, which differ in what it draws, other experiments would need axes of their own.
  const trials = drawing.groups.filter(({ experiment }) => data.experiments[experiment]?.trial !== undefined);
  const groups = trials.length > 1 ? trials : drawing.groups;
  const { line, ruleX, text } = plot;
  const rows = groups.flatMap((group) =>
    group.runs.flatMap((i) => {
      const run = data.runs[i];
      return run && isEvaluated(run) ? [{ group, run }] : [];
    }),
  );
  const runs = rows.map((row) => row.run);
  if (runs.length < 2) return { empty: 'Fewer than two runs are evaluated, so there is nothing to compare.' };
  const { swept, varying } = sweptFirst(
    data,
    groups.map(({ experiment }) => experiment),
    runs,
  );
  const fitting = Math.floor((width - 2 * MARGIN) / SPACE) - 1;
  const shown = varying.slice(0, Math.max(2, swept.length, Math.min(MAX_SETTINGS, fitting)));
  const names = settingNames(varying);
  const searched = new Set(
    groups.flatMap(({ experiment }) => Object.keys(data.experiments[experiment]?.trial?.values ?? {})),
  );
  const isHeldBack = runs.some(({ heldBack }) => heldBack);
  const axes = [
    ...shown.map((path) =>
      axisOf(names.get(path)!, (run) => run.settings[path] ?? null, runs, settingText, searched.has(path)),
    ),
    axisOf('validation accuracy', validationOf, runs, (v) => percent(Number(v), 1)),
    ...(isHeldBack
      ? []
      : [
          axisOf(
            'test accuracy',
            (run) => run.evaluation!.test.accuracy,
            runs,
            (v) => percent(Number(v), 1),
          ),
        ]),
  ];
  const bright = new Set(leading(data, groups, 10));
  const points = rows.flatMap(({ group, run }, z) => axes.map((axis, x) => ({ z, x, y: axis.place(run), group })));
  const alt = `Parallel coordinates. ${plural(runs.length, 'run')} through ${axes.map(({ label }) => label).join(', ')}.`;
  // Swept settings always have an axis; the picture is then wider than a narrow page, and scrolls.
  const pictureWidth = Math.max(width, 2 * MARGIN + (axes.length - 1) * 72);
  const space = (pictureWidth - 2 * MARGIN) / (axes.length - 1);
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
          strokeWidth: data.experiments[group.experiment]?.trial?.chosen ? 3 : 1.4,
          curve: 'bump-x',
          ...(dashes === 'none' ? {} : { strokeDasharray: dashes }),
        },
      );
    });
  const last = axes.length - 1;
  const ticks = axes.flatMap(({ ticks: own }, x) => {
    const labels = wrapLabels(
      own.map(({ label }) => label),
      space - 14,
      FONT_SIZE,
    );
    return own.map(({ at }, i) => ({ x, at, label: labels[i]! }));
  });
  const titles = axes.map(({ label }) => wrapLabels([label], space - 8, 12)[0]!);
  const ends = [
    { anchor: 'start', side: 6, isHere: (x: number) => x < last },
    { anchor: 'end', side: -6, isHere: (x: number) => x === last },
  ] as const;
  const svg = plot.draw(document, alt, {
    width: pictureWidth,
    height: 370,
    marginTop: 52,
    marginBottom: 20,
    marginLeft: MARGIN,
    marginRight: MARGIN,
    x: { axis: null, domain: [0, last] },
    y: { axis: null, domain: [0, 1] },
    marks: [
      ...marks,
      ruleX(
        axes.map((_, x) => x),
        { y1: (x: number) => (axes[x]!.hasLane ? LANE * 0.6 : 0), y2: 1, stroke: FAINT, strokeWidth: 1.5 },
      ),
      ...ends.map(({ anchor, side, isHere }) =>
        text(
          ticks.filter(({ x }) => isHere(x)),
          {
            x: 'x',
            y: 'at',
            text: 'label',
            dx: side,
            textAnchor: anchor,
            fill: INK,
            stroke: 'var(--paper)',
            strokeWidth: 5,
            fontSize: FONT_SIZE,
          },
        ),
      ),
      ...titles.map((title, x) =>
        text([title], {
          x: () => x,
          frameAnchor: 'top',
          dx: x === 0 ? -MARGIN + 2 : x === last ? MARGIN - 2 : 0,
          dy: -14,
          lineAnchor: 'bottom',
          textAnchor: x === 0 ? 'start' : x === last ? 'end' : 'middle',
          text: (t: string) => t,
          fontWeight: 600,
          fill: INK,
        }),
      ),
    ],
  });
  return {
    panels: [{ title: null, alt, svg }],
    ...legendOf([...bright]),
    note: [
      ...(groups === trials ? trialsNote(isHeldBack, groups.length < drawing.groups.length) : SWEEPS_NOTE),
      ...withoutAxis(varying.slice(shown.length).map((path) => names.get(path)!)),
    ].join(' '),
  };
}

const SWEEPS_NOTE = [
  'Each line is a run. Swept settings come first. Numbers rise from the bottom to the top, on a logarithmic scale if ' +
    'they span decades and evenly spaced if they do so from zero; words are in alphabetical order. Runs that lack a ' +
    'setting, or have none, pass at the bottom, apart from the values.',
];

function trialsNote(isHeldBack: boolean, othersLeftOut: boolean): string[] {
  return [
    'Each line is a run. Searched settings come first. Numbers rise from the bottom to the top, on a logarithmic scale ' +
      'if the search spreads them so. Thick: the trial that validation chose.',
    ...(isHeldBack ? ['Test accuracy has no axis, because only the chosen trial has one.'] : []),
    ...(othersLeftOut ? ['Experiments that are no trials of a search are left out.'] : []),
  ];
}

function withoutAxis(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`Without an axis: ${listed(names)}.`];
}

export const parallelCoordinates: Chart = {
  title: 'Settings and accuracies side by side',
  needs: 'records',
  draw: drawParallel,
};
