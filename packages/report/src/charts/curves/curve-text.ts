import { plural } from '../../text/plural.ts';
import { AXIS_NAMES, type CurveView, METRIC_NAMES, metricText } from './curve-view.ts';
import type { Series } from './series.ts';

/** Lines drawn in color with a label at their end; others are drawn faint, for context. */
export const EMPHASIZED = 10;

/** The text alternative of learning curves. */
export function altText(series: readonly Series[], view: CurveView): string {
  const splits = view.splits.map((split) => (split === 'train' ? 'Training' : 'Validation')).join(' and ');
  const what = `${splits} ${METRIC_NAMES[view.metric]} against ${AXIS_NAMES[view.axis]}`;
  const ends = series.slice(0, 8).map((s) => {
    const finite = s.y.filter(Number.isFinite);
    const best = view.metric === 'loss' || view.metric === 'gap' ? Math.min(...finite) : Math.max(...finite);
    return `${s.group.name}: best ${metricText(view.metric, best)}, last ${metricText(view.metric, finite.at(-1) ?? Number.NaN)}`;
  });
  return `Line chart. ${what}, ${plural(series.length, 'line')}. ${ends.join('; ')}${series.length > 8 ? '; and more' : ''}.`;
}

/** What the marks of learning curves mean. */
export function noteText(series: readonly Series[], groups: number, view: CurveView): string {
  const notes: string[] = [];
  if (view.splits.length > 1) notes.push('Thick: validation; thin: training.');
  if (series.some((s) => s.runs.length > 1))
    notes.push(
      `Lines are means over seeds${series.some((s) => s.byEpoch) ? ', shaded from the lowest to the highest seed' : ''}; ` +
        'dotted where some seeds have stopped.',
    );
  if (series.some((s) => !s.byEpoch))
    notes.push(
      view.smoothing > 0
        ? `Training curve by step, as a moving average (smoothing ${view.smoothing}); without smoothing, the shading spans the lowest to the highest single step.`
        : 'Training curve by step: the line connects the means of short ranges of steps; the shading spans the lowest to the highest single step.',
    );
  if (groups > EMPHASIZED)
    notes.push(
      `In color: the ${EMPHASIZED} of ${groups} experiments with the highest validation accuracy; in gray: the others.`,
    );
  return notes.join(' ');
}
