import { percent, percentTick } from '@bakeoff/statistics/formats';
import { SCORE_FIGURES, scoreFigure } from '@bakeoff/statistics/metrics';
import { FAINT, INK, MUTED } from '../axes.ts';
import type { Chart, Drawing, Drawn } from '../chart.ts';
import { leading, representative } from '../groups.ts';
import { NOT_EVALUATED, leftOut, withSeed } from '../labels.ts';

/** Shown next to each diagram, beginning with its distance from the diagonal. */
const FIGURES = [scoreFigure('ece'), ...SCORE_FIGURES.filter(({ shownIn }) => shownIn.includes('reliability'))];

/** Accuracy against confidence in bins: on the diagonal, confidence equals accuracy. */
function drawReliability(drawing: Drawing): Drawn {
  const { data, groups, document, plot } = drawing;
  const { dot, line, link, ruleX, text } = plot;
  const evaluated = groups.filter((group) => representative(data, group) !== undefined);
  if (evaluated.length === 0) return NOT_EVALUATED;
  const shown = leading(data, evaluated, 6);
  const columns = drawing.width > 700 ? 3 : drawing.width > 480 ? 2 : 1;
  const width = Math.min(360, Math.floor((drawing.width - 20 * (columns - 1)) / columns));
  const panels = shown.map((group) => {
    const run = data.runs[representative(data, group)!]!;
    const { calibration } = run.evaluation!.test;
    const bins = calibration.bins.filter((bin) => bin.count > 0);
    const title = withSeed(group, run.seed);
    const alt =
      `Reliability diagram of ${title}: expected calibration error ` +
      `${percent(calibration.expectedCalibrationError)} over ${calibration.bins.length} bins. In the most confident bin, ` +
      `confidence ${percent(bins.at(-1)?.confidence ?? 0)} and accuracy ${percent(bins.at(-1)?.accuracy ?? 0)}.`;
    const svg = plot.draw(document, alt, {
      width,
      height: width * 0.95,
      marginLeft: 56,
      marginRight: 30,
      marginTop: 24,
      marginBottom: 38,
      x: {
        domain: [0, 1],
        label: 'confidence',
        labelAnchor: 'center',
        labelArrow: 'none',
        tickFormat: percentTick,
        ticks: 4,
      },
      y: { domain: [0, 1], label: 'accuracy', labelArrow: 'none', tickFormat: percentTick, ticks: 4, grid: true },
      marks: [
        line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: MUTED, strokeDasharray: '3 3' },
        ),
        ruleX(bins, {
          x: (b) => (b.low + b.high) / 2,
          y1: 0,
          y2: (b) => (0.3 * b.count) / Math.max(...bins.map((o) => o.count)),
          stroke: FAINT,
          strokeWidth: Math.max(3, (width - 58) / calibration.bins.length - 2),
          strokeLinecap: 'butt',
        }),
        link(bins, {
          x1: 'confidence',
          x2: 'confidence',
          y1: 'confidence',
          y2: 'accuracy',
          stroke: group.style.color,
          strokeOpacity: 0.5,
        }),
        line(bins, { x: 'confidence', y: 'accuracy', stroke: group.style.color, strokeWidth: 1.6 }),
        dot(bins, {
          x: 'confidence',
          y: 'accuracy',
          fill: group.style.color,
          r: 3.2,
          symbol: group.style.marker,
        }),
        text(
          [
            FIGURES.map((figure) => {
              const value = figure.of(run.evaluation!.test);
              return `${figure.name} ${value === null ? '–' : figure.format(value)}`;
            }).join('\n'),
          ],
          { frameAnchor: 'top-left', dx: 8, dy: 6, fill: INK, lineHeight: 1.25 },
        ),
      ],
    });
    return { title, alt, svg };
  });
  return {
    panels,
    legend: [],
    note:
      'Below the diagonal, a model is more confident than accurate. ' +
      'Gray bars: share of images in each bin, scaled to the fullest bin. ' +
      'ECE: expected calibration error over these bins; NLL: negative log likelihood. ' +
      'Of an experiment with several seeds, the run with the highest validation accuracy is shown.' +
      leftOut(shown.length, evaluated.length),
  };
}

export const reliability: Chart = { title: 'Reliability of confidence', needs: 'records', draw: drawReliability };
