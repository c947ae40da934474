import { grouped, percent } from '@bakeoff/statistics/formats';
import { clip } from '../../text/clip.ts';
import { widestLine, wrapLabels } from '../../text/wrap-labels.ts';
import { INK } from '../axes.ts';
import type { Chart, Drawing, Drawn, Group, Panel } from '../chart.ts';
import { leading, representative } from '../groups.ts';
import { NOT_EVALUATED, leftOut, withSeed } from '../labels.ts';

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
  readonly label: string;
  /** Strength of the tint, 0…1. */
  readonly weight: number;
  readonly negative: boolean;
}

/** Least distance of two names, in pixels. */
const NAME_HEIGHT = 13;

/** What a matrix's axes need: shortened names, the room for them, the size in pixels, and how many names have room. */
function axesOf(names: readonly string[], width: number) {
  const short = wrapLabels(names, 84, 11, 1);
  const margin = Math.ceil(widestLine(short, 12)) + 12;
  const size = Math.min(width, 490);
  const step = (size - margin - 4) / names.length;
  return { short, margin, size, step, every: Math.ceil(NAME_HEIGHT / step) };
}

/** Where there is no room for every name. */
const namedText = (every: number): string =>
  every === 1 ? '' : ` One name in ${every} is written; the pointer or the arrow keys tell the others.`;

function matrix(
  { document, plot }: Drawing,
  alt: string,
  cells: readonly Cell[],
  names: readonly string[],
  width: number,
): Element {
  const { short, margin, size, step, every } = axesOf(names, width);
  const named = names.map((_, i) => i).filter((i) => i % every === 0);
  const { cell, text } = plot;
  return plot.draw(document, alt, {
    width: size,
    height: size + 22,
    marginLeft: margin,
    marginTop: margin + 22,
    marginRight: 4,
    marginBottom: 4,
    padding: 0.04,
    x: {
      domain: names.map((_, i) => i),
      axis: 'top',
      ticks: named,
      tickFormat: (i: number) => short[i] ?? '',
      tickRotate: -90,
      tickSize: 0,
      label: 'predicted',
      labelAnchor: 'right',
      labelOffset: margin + 14,
      labelArrow: 'none',
    },
    y: {
      domain: names.map((_, i) => i),
      ticks: named,
      tickFormat: (i: number) => short[i] ?? '',
      tickSize: 0,
      label: null,
    },
    marks: [
      cell(cells, {
        x: 'column',
        y: 'row',
        fill: (c: Cell) => (c.negative ? 'var(--tint-down)' : 'var(--tint-up)'),
        fillOpacity: (c: Cell) => 0.04 + 0.96 * c.weight,
        inset: 0.3,
        rx: 1.5,
        ariaLabel: (c: Cell) => `cell:${c.row}.${c.column}`,
      }),
      ...(step > 20
        ? [
            text(
              cells.filter((c) => c.label !== ''),
              {
                x: 'column',
                y: 'row',
                text: 'label',
                fill: (c: Cell) => (c.weight > 0.55 ? 'var(--on-tint)' : INK),
                fontSize: Math.min(11, step / 3),
              },
            ),
          ]
        : []),
    ],
    color: { type: 'identity' },
    opacity: { type: 'identity' },
  });
}

function confusionCells(confusion: readonly (readonly number[])[]): Cell[] {
  return confusion.flatMap((counts, row) => {
    const total = counts.reduce((a, b) => a + b, 0) || 1;
    return counts.map((value, column) => ({
      row,
      column,
      value,
      label: value === 0 ? '' : grouped(value),
      weight: Math.sqrt(value / total) * (row === column ? 1 : 0.9),
      negative: row !== column,
    }));
  });
}

const MAX_MATRICES = 4;

function confusionPanel(drawing: Drawing, group: Group, run: number, width: number): Panel {
  const { data } = drawing;
  const shown = data.runs[run]!;
  const classes = data.datasets[shown.dataset]?.classes ?? [];
  const confusion = shown.evaluation!.test.confusion;
  const worst = confusion
    .flatMap((row, a) => row.map((count, b) => ({ a, b, count })))
    .filter(({ a, b }) => a !== b)
    .sort((x, y) => y.count - x.count)[0];
  const title = withSeed(group, shown.seed);
  const confused = worst
    ? `${clip(classes[worst.a] ?? '', 30)} classified as ${clip(classes[worst.b] ?? '', 30)}, ${worst.count} times`
    : 'none';
  const accuracy = percent(shown.evaluation!.test.accuracy);
  const alt = `Confusion matrix of ${title}, test accuracy ${accuracy}. Most frequent confusion: ${confused}.`;
  return { title, alt, run, svg: matrix(drawing, alt, confusionCells(confusion), classes, width) };
}

/** Confusion matrices of the experiments' representative runs; if there are exactly two, their difference too. */
function drawConfusion(drawing: Drawing): Drawn {
  const { data, groups } = drawing;
  const evaluated = groups.filter((group) => representative(data, group) !== undefined);
  if (evaluated.length === 0) return NOT_EVALUATED;
  const shown = leading(data, evaluated, MAX_MATRICES).map((group) => ({ group, run: representative(data, group)! }));
  const width = drawing.width > 700 ? Math.floor((drawing.width - 24) / 2) : drawing.width;
  const panels = shown.map(({ group, run }) => confusionPanel(drawing, group, run, width));
  const [a, b] = shown;
  if (shown.length === 2 && a && b && data.runs[a.run]!.dataset === data.runs[b.run]!.dataset)
    panels.push(differencePanel(drawing, a, b, width));
  const every = Math.max(
    ...shown.map(({ run }) => axesOf(data.datasets[data.runs[run]!.dataset]?.classes ?? [], width).every),
  );
  const difference = panels.length > shown.length ? '; in the difference, blue favors the first run' : '';
  return {
    panels,
    legend: [],
    note:
      'Rows: actual class; columns: predicted class; cells: number of test images. ' +
      `Blue: correct; orange: wrong${difference}. ` +
      'Of an experiment with several seeds, the run with the highest validation accuracy is shown.' +
      leftOut(shown.length, evaluated.length) +
      namedText(every),
  };
}

function differencePanel(
  drawing: Drawing,
  a: { run: number; group: Group },
  b: { run: number; group: Group },
  width: number,
): Panel {
  const { data } = drawing;
  const [ca, cb] = [a, b].map(({ run }) => data.runs[run]!.evaluation!.test.confusion) as [number[][], number[][]];
  const differences = ca.map((row, i) => row.map((count, j) => count - (cb[i]?.[j] ?? 0)));
  const most = Math.max(1, ...differences.flat().map(Math.abs));
  const cells = differences.flatMap((row, i) =>
    row.map((value, column): Cell => ({
      row: i,
      column,
      value,
      label: value === 0 ? '' : `${value > 0 ? '+' : '\u2212'}${Math.abs(value)}`,
      weight: Math.abs(value) / most,
      negative: i === column ? value < 0 : value > 0,
    })),
  );
  const title = `${withSeed(a.group, data.runs[a.run]!.seed)} minus ${withSeed(b.group, data.runs[b.run]!.seed)}`;
  const alt = `Difference of two confusion matrices, ${title}: counts of the first minus counts of the second, between ${-most} and ${most}.`;
  return {
    title,
    alt,
    svg: matrix(drawing, alt, cells, data.datasets[data.runs[a.run]!.dataset]?.classes ?? [], width),
  };
}

export const confusion: Chart = { title: 'Confusion matrices', needs: 'records', draw: drawConfusion };
