import { percent } from '@bakeoff/statistics/formats';
import type { SectionSweep } from '../../names/section-sweeps.ts';
import { settingNames, settingText } from '../../data/settings.ts';
import { widestLine, wrapLabels } from '../../text/wrap-labels.ts';
import { INK } from '../axes.ts';
import type { Drawing, Panel } from '../chart.ts';
import { groupAccuracy } from '../groups.ts';
import { settingAxis } from '../setting-axis.ts';

interface Cell {
  readonly x: string;
  readonly y: string;
  readonly mean: number;
  readonly weight: number;
}

/** A sweep over two settings as a grid: a setting with more values across, the other upward, the accuracy in the cell. */
export function sweepGrid({ data, document, groups, plot, width }: Drawing, sweep: SectionSweep): Panel | null {
  const axes = sweep.paths.map((path, k) => ({
    k,
    name: settingNames(sweep.paths).get(path)!,
    ...settingAxis(sweep.points.map(({ values }) => values[k] ?? null)),
  }));
  const [across, up] = axes.sort((a, b) => b.values.length - a.values.length) as [(typeof axes)[0], (typeof axes)[0]];
  const texts = ({ values, hasNone }: (typeof axes)[0]): string[] =>
    [...(hasNone ? [null] : []), ...values].map(settingText);
  const found = sweep.points.flatMap(({ experiment, values }) => {
    const group = groups.find((g) => g.experiment === experiment);
    const accuracy = group && groupAccuracy(data, group);
    if (!accuracy) return [];
    return [{ x: settingText(values[across.k]), y: settingText(values[up.k]), mean: accuracy.mean }];
  });
  if (found.length === 0) return null;
  const [low, high] = [Math.min(...found.map((c) => c.mean)), Math.max(...found.map((c) => c.mean))];
  const cells = found.map((c): Cell => ({ ...c, weight: high === low ? 0.3 : (c.mean - low) / (high - low) }));
  const best = cells.reduce((a, b) => (b.mean > a.mean ? b : a));
  const [columns, rows] = [texts(across), texts(up).reverse()];
  const labels = wrapLabels(rows, 120, 12, 1);
  const margin = Math.max(40, Math.ceil(widestLine(labels, 12)) + 14);
  const size = Math.max(40, Math.min(92, (width - margin - 8) / columns.length));
  const heads = wrapLabels(columns, size - 4, 12);
  const alt =
    `Grid of test accuracy over ${across.name} and ${up.name}, ${cells.length} experiments, from ${percent(low)} to ` +
    `${percent(high)}. Highest at ${across.name} ${best.x}, ${up.name} ${best.y}.`;
  const svg = plot.draw(document, alt, {
    width: margin + size * columns.length + 8,
    height: 62 + 34 * rows.length,
    marginLeft: margin,
    marginRight: 8,
    marginTop: 20,
    marginBottom: 42,
    padding: 0.05,
    x: {
      domain: columns,
      tickFormat: (text: string) => heads[columns.indexOf(text)] ?? '',
      tickSize: 0,
      label: across.name,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      domain: rows,
      tickFormat: (text: string) => labels[rows.indexOf(text)] ?? '',
      tickSize: 0,
      label: up.name,
      labelAnchor: 'top',
      labelArrow: 'none',
    },
    marks: [
      plot.cell(cells, {
        x: 'x',
        y: 'y',
        fill: 'var(--tint-up)',
        fillOpacity: (c: Cell) => 0.06 + 0.94 * c.weight,
        stroke: (c: Cell) => (c === best ? INK : 'none'),
        strokeWidth: 2,
        rx: 2,
      }),
      plot.text(cells, {
        x: 'x',
        y: 'y',
        text: (c: Cell) => (100 * c.mean).toFixed(size < 52 ? 1 : 2),
        fill: (c: Cell) => (c.weight > 0.55 ? 'var(--on-tint)' : INK),
        fontSize: size < 52 ? 10.5 : 12,
        fontWeight: 600,
      }),
    ],
    color: { type: 'identity' },
    opacity: { type: 'identity' },
  });
  return { title: `${across.name} and ${up.name}: test accuracy in percent`, alt, svg };
}
