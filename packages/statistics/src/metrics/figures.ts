import type { Figure } from './metric.ts';
import { METRICS } from './registry.ts';
import type { SplitScores } from './split-scores.ts';

/** A metric's figure and how to read it from a split's scores. */
export interface ScoreFigure extends Omit<Figure<never>, 'of' | 'ofClasses'> {
  /** Null if the scores were written before the metric existed and do not determine it. */
  readonly of: (scores: SplitScores) => number | null;
}

/** The metrics that are one number, in the registry's order. */
export const SCORE_FIGURES: readonly ScoreFigure[] = Object.entries(METRICS).flatMap(([name, { figure }]) => {
  if (figure === null) return [];
  const { ofClasses, ...shown } = figure as Figure<never>;
  const read = figure.of as (value: unknown) => number;
  return [
    {
      ...shown,
      of: (scores: SplitScores) => {
        const value = scores[name as keyof SplitScores];
        return value === undefined ? (ofClasses?.(scores.perClass) ?? null) : read(value);
      },
    },
  ];
});

/** The figure of a column. */
export function scoreFigure(id: string): ScoreFigure {
  const found = SCORE_FIGURES.find((figure) => figure.id === id);
  if (found === undefined) throw new Error(`no metric has the figure ${id}`);
  return found;
}
