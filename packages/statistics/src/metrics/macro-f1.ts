import { percent } from '../formats.ts';
import { mean } from '../mean.ts';
import type { ClassScores } from './class-scores.ts';
import { metric } from './metric.ts';
import { scoreClasses } from './per-class.ts';

/**
 * Mean F1 over the classes that have images. scikit-learn's f1_score with average='macro' also counts classes that are
 * only predicted, with an F1 of 0.
 */
export function macroF1Of(perClass: readonly Pick<ClassScores, 'support' | 'f1'>[]): number {
  return mean(perClass.filter(({ support }) => support > 0).map(({ f1 }) => f1));
}

export const macroF1 = metric({
  compute: ({ confusion, classNames }) => macroF1Of(scoreClasses(confusion, classNames)),
  figure: {
    id: 'macroF1',
    name: 'Macro F1',
    title: 'Macro F1',
    meaning:
      'Mean over the classes of F1, the harmonic mean of precision and recall on the test images: a class that is often predicted wrongly lowers it too',
    better: 'high',
    format: percent,
    shownIn: ['runs', 'unequalClasses'],
    of: (value) => value,
    ofClasses: macroF1Of,
  },
});
