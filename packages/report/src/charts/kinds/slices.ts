import { mean } from '@bakeoff/statistics';
import { percent, percentTick } from '@bakeoff/statistics/formats';
import { type Setting, settingNames, settingText } from '../../data/settings.ts';
import { type ReportSearch, searchesAmong, validationOf } from '../../data/trials.ts';
import { plural } from '../../text/plural.ts';
import { widestLine } from '../../text/wrap-labels.ts';
import { INK } from '../axes.ts';
import type { Chart, Drawing, Drawn, Group, Panel } from '../chart.ts';
import { runsOf } from '../groups.ts';
import { labeledValues } from '../labels.ts';
import { settingAxis, settingPlace, settingTicks } from '../setting-axis.ts';
import { roundTicks } from '../ticks.ts';

/** One trial with a result. */
interface Dot {
  readonly group: Group;
  readonly values: Readonly<Record<string, Setting>>;
  readonly accuracy: number;
  readonly trial: number;
  readonly isChosen: boolean;
}

/** Multiples of it, without their whole part, are far from each other. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

const HEIGHT = 250;
const MARGIN_LEFT = 52;
const MARGIN_RIGHT = 14;
const INSET = 12;
const FONT_SIZE = 12;
/** Pixels between panels, and the narrowest panel. */
const GAP = 20;
const NARROWEST = 280;
/** Pixels that a tick takes at the least. */
const PER_TICK = 46;
/** Pixels over which trials of one value are spread, so that they do not cover each other. */
const SPREAD = 16;

function dotsOf({ data, groups }: Drawing, { trials }: ReportSearch): Dot[] {
  return trials.flatMap((experiment) =>
    groups
      .filter((group) => group.experiment === experiment)
      .flatMap((group): Dot[] => {
        const accuracies = runsOf(data, group).flatMap((run) => validationOf(run) ?? []);
        const { number: trial, values, chosen: isChosen } = data.experiments[experiment]!.trial!;
        return accuracies.length === 0 ? [] : [{ group, values, accuracy: mean(accuracies), trial, isChosen }];
      }),
  );
}

function slice(drawing: Drawing, dots: readonly Dot[], path: string, yTicks: readonly number[], width: number): Panel {
  const { plot, document } = drawing;
  const name = settingNames(Object.keys(dots[0]!.values)).get(path)!;
  const valueOf = ({ values }: Dot): Setting => values[path] ?? null;
  const axis = settingAxis(dots.map(valueOf), true);
  // Trials without the setting are to the left of the others.
  const left = axis.hasNone ? 0.14 : 0;
  const place = (value: Setting): number => (value === null ? 0 : left + (1 - left) * settingPlace(axis, value));
  const inner = width - MARGIN_LEFT - MARGIN_RIGHT - 2 * INSET;
  const written = [...(axis.hasNone ? [null] : []), ...settingTicks(axis, inner / PER_TICK)];
  const labels = written.map(settingText);
  const shown = labeledValues(written.map((value, i) => ({ at: place(value) * inner, text: labels[i]! })));
  const ticks = written.map((value, i) => ({ at: place(value), label: labels[i]! })).filter((_, i) => shown.has(i));
  const x = (dot: Dot): number => place(valueOf(dot));
  const isCrowded = axis.values.length < dots.length / 2;
  const beside = ({ trial }: Dot): number => (isCrowded ? SPREAD * (((trial * GOLDEN) % 1) - 0.5) : 0);
  const best = dots.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const chosen = dots.filter(({ isChosen }) => isChosen);
  const alt =
    `Validation accuracy by ${name}, ${plural(dots.length, 'trial')}, from ${labels[0]} to ${labels.at(-1)}. ` +
    `Highest: ${percent(best.accuracy)} at ${settingText(valueOf(best))}, trial ${best.trial}.`;
  const svg = plot.draw(document, alt, {
    width,
    height: HEIGHT,
    marginLeft: MARGIN_LEFT,
    marginRight: MARGIN_RIGHT,
    marginBottom: 44,
    marginTop: 26,
    x: {
      domain: [0, 1],
      insetLeft: INSET,
      insetRight: INSET,
      ticks: ticks.map(({ at }) => at),
      tickFormat: (at: number) => ticks.find((tick) => tick.at === at)?.label ?? '',
      label: `${name}${axis.spacing === 'log' ? ', logarithmic' : ''}`,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      domain: [yTicks[0]!, yTicks.at(-1)!],
      ticks: [...yTicks],
      label: 'validation accuracy',
      grid: true,
      labelArrow: 'none',
      tickFormat: percentTick,
    },
    marks: [
      ...dots.map((dot) =>
        plot.dot([dot], {
          x,
          y: 'accuracy',
          dx: beside(dot),
          r: 4.2,
          fill: dot.group.style.color,
          stroke: 'var(--paper)',
          strokeWidth: 1,
        }),
      ),
      ...chosen.map((dot) =>
        plot.dot([dot], { x, y: 'accuracy', dx: beside(dot), r: 8.5, stroke: INK, strokeWidth: 1.6 }),
      ),
      ...chosen.map((dot) => {
        const text = `trial ${dot.trial}, ${percent(dot.accuracy)}`;
        const at = INSET + x(dot) * inner;
        const half = widestLine([text], FONT_SIZE) / 2;
        const room = width - MARGIN_LEFT - MARGIN_RIGHT;
        const side = at - half < 0 ? 'start' : at + half > room ? 'end' : 'middle';
        return plot.text([dot], {
          x,
          y: 'accuracy',
          text: () => text,
          dy: -12,
          dx: side === 'start' ? -8 : side === 'end' ? 8 : 0,
          lineAnchor: 'bottom',
          textAnchor: side,
          fill: INK,
          fontWeight: 600,
          stroke: 'var(--paper)',
          strokeWidth: 4,
        });
      }),
    ],
    color: { type: 'identity' },
  });
  return { title: null, alt, svg };
}

/** Validation accuracy over each searched setting, one picture per setting, all of a search on one scale. */
function drawSlices(drawing: Drawing): Drawn {
  const { data, groups, width } = drawing;
  const searches = searchesAmong(
    data,
    groups.map(({ experiment }) => experiment),
  ).flatMap((search) => {
    const dots = dotsOf(drawing, search);
    return dots.length === 0 ? [] : [{ search, dots }];
  });
  if (searches.length === 0) return { empty: 'None of these experiments is a trial of a search with results.' };
  const count = searches.reduce((sum, { dots }) => sum + Object.keys(dots[0]!.values).length, 0);
  const columns = Math.max(1, Math.min(count, Math.floor((width + GAP) / (NARROWEST + GAP))));
  const panelWidth = Math.floor((width - GAP * (columns - 1)) / columns);
  const panels = searches.flatMap(({ search, dots }) => {
    const accuracies = dots.map(({ accuracy }) => accuracy);
    const [low, high] = [Math.min(...accuracies), Math.max(...accuracies)];
    const yTicks = roundTicks(low, Math.min(1, high + (high - low) * 0.12), 5);
    return Object.keys(dots[0]!.values).map((path) => ({
      ...slice(drawing, dots, path, yTicks, panelWidth),
      title: searches.length > 1 ? search.search : null,
    }));
  });
  const left = searches.reduce((sum, { search, dots }) => sum + search.trials.length - dots.length, 0);
  return {
    panels,
    legend: [],
    note:
      'Each mark is a trial of the search, at its mean validation accuracy; the other searched settings differ as well. ' +
      `Ringed: the trial that validation chose.${left > 0 ? ` Without a result and left out: ${plural(left, 'trial')}.` : ''}`,
  };
}

export const slices: Chart = {
  title: 'Slices of the search',
  needs: 'records',
  draw: drawSlices,
  appliesTo: ({ experiments }) => experiments.some(({ trial }) => trial !== undefined),
};
