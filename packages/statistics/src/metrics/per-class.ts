import type { ClassScores } from './class-scores.ts';
import type { Confusion } from './count-confusion.ts';
import { metric } from './metric.ts';

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/**
 * Precision, recall and F1 by class. A share of nothing (a class that is never predicted or has no images) is 0, as
 * with scikit-learn's zero_division=0.
 */
export function scoreClasses({ counts, others }: Confusion, names: readonly string[]): readonly ClassScores[] {
  return counts.map((row, c) => {
    const right = row[c]!;
    const support = row.reduce((sum, count) => sum + count, others[c]!);
    const predicted = counts.reduce((sum, other) => sum + other[c]!, 0);
    return {
      name: names[c] ?? String(c),
      support,
      precision: share(right, predicted),
      recall: share(right, support),
      f1: share(2 * right, support + predicted),
    };
  });
}

export const perClass = metric({
  compute: ({ confusion, classNames }) => scoreClasses(confusion, classNames),
  figure: null,
});
