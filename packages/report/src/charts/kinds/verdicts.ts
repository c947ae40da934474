import { isDecided } from '@bakeoff/statistics';
import { points } from '@bakeoff/statistics/formats';
import { verdictOn } from '../../verdicts/verdict-on.ts';
import { plural } from '../../text/plural.ts';
import { INK, MUTED } from '../axes.ts';
import type { Chart, Drawing, Drawn } from '../chart.ts';
import { leading } from '../groups.ts';
import { leftOut } from '../labels.ts';
import { rowLabels } from '../row-labels.ts';
import { drawForest, SYMBOLS } from './verdict-forest.ts';

const MAX_VERDICTS = 14;

const letter = (i: number): string => String.fromCharCode(65 + i);

/** The matrix of verdicts: row against column, with the difference in points. */
function drawVerdicts(drawing: Drawing): Drawn {
  const { data, groups, document, width, plot } = drawing;
  const { cell, text } = plot;
  const forest = drawForest(drawing);
  if (forest) return forest;
  const compared = groups.filter((a) =>
    groups.some(
      (b) => a !== b && verdictOn(data, data.experiments[a.experiment]!.id, data.experiments[b.experiment]!.id),
    ),
  );
  if (compared.length < 2) return { empty: 'No two of these experiments were compared by a test.' };
  const leaders = leading(data, compared, MAX_VERDICTS);
  const shown = leaders.map((group) => group.experiment);
  const cells = shown.flatMap((a, row) =>
    shown.flatMap((b, column) => {
      if (a === b) return [];
      const [ea, eb] = [data.experiments[a]!, data.experiments[b]!];
      const found = verdictOn(data, ea.id, eb.id);
      const difference = (ea.test?.mean ?? 0) - (eb.test?.mean ?? 0);
      return [{ row, column, verdict: found?.verdict, kind: found?.kind, difference }];
    }),
  );
  const label = (c: (typeof cells)[number]): string =>
    c.verdict ? `${SYMBOLS[c.verdict]} ${points(c.difference)}${c.kind === 'checkpoints' ? '*' : ''}` : '\u00B7';
  const told = cells.filter((c) => c.verdict === 'better');
  const alt = `Matrix of verdicts between ${plural(shown.length, 'experiment')}. ${
    told
      .slice(0, 12)
      .map((c) => `${leaders[c.row]!.name} is better than ${leaders[c.column]!.name}`)
      .join('; ') || 'No difference is shown'
  }${told.length > 12 ? '; and more' : ''}.`;
  const labels = rowLabels(leaders, width);
  const margin = labels.margin + 16;
  // A narrower cell would not hold its number; the picture is then wider than the page, and scrolls.
  const step = Math.max(62, Math.min(92, (width - margin - 8) / shown.length));
  const row = Math.max(28, Math.min(44, step));
  const svg = plot.draw(document, alt, {
    width: margin + step * shown.length + 8,
    height: 38 + row * shown.length,
    marginLeft: margin,
    marginTop: 30,
    marginRight: 8,
    marginBottom: 8,
    padding: 0.06,
    x: { domain: shown.map((_, i) => i), axis: 'top', tickFormat: letter, tickSize: 0, label: null },
    y: {
      domain: shown.map((_, i) => i),
      tickFormat: (i: number) => `${labels.texts.get(leaders[i]!)!}  ${letter(i)}`,
      tickSize: 0,
      label: null,
    },
    marks: [
      cell(cells, {
        x: 'column',
        y: 'row',
        fill: (c) =>
          c.verdict === 'better' ? 'var(--tint-up)' : c.verdict === 'worse' ? 'var(--tint-down)' : 'var(--tint-none)',
        fillOpacity: (c) => (c.verdict === undefined ? 0.25 : isDecided(c.verdict) ? 0.22 : 0.9),
        rx: 3,
      }),
      text(
        cells.filter((c) => c.verdict === 'better' || c.verdict === 'worse'),
        { x: 'column', y: 'row', text: (c) => label(c), fill: INK, fontWeight: 600, fontSize: step < 56 ? 9.5 : 11.5 },
      ),
      text(
        cells.filter((c) => c.verdict !== 'better' && c.verdict !== 'worse'),
        { x: 'column', y: 'row', text: (c) => label(c), fill: MUTED, fontSize: step < 56 ? 9.5 : 11.5 },
      ),
    ],
    color: { type: 'identity' },
    opacity: { type: 'identity' },
  });
  const marked = cells.some((c) => c.kind === 'checkpoints')
    ? ' *: compares single trained models on the same images, which says nothing about other seeds.'
    : '';
  return {
    panels: [{ title: null, alt, svg }],
    legend: [],
    note:
      'Row against column: difference of mean test accuracy in points. ' +
      '\u25B2 better, \u25BC worse, \u223F suggestive, but not after the correction, \u2248 no evidence of a difference, \u00B7 not compared. ' +
      `Significance level ${data.significanceLevel}, adjusted by Holm\u2019s method.` +
      `${marked}${leftOut(shown.length, compared.length)}`,
  };
}

export const verdicts: Chart = { title: 'Which differences are real', needs: 'records', draw: drawVerdicts };
