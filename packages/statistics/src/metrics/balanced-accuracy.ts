import { percent } from '../formats.ts';
import { mean } from '../mean.ts';
import type { ClassScores } from './class-scores.ts';
import { metric } from './metric.ts';
import { scoreClasses } from './per-class.ts';

/** Mean recall over the classes that have images (scikit-learn's balanced_accuracy_score). */
export function balancedAccuracyOf(perClass: readonly Pick<ClassScores, 'support' | 'recall'>[]): number {
  return mean(perClass.filter(({ support }) => support > 0).map(({ recall }) => recall));
}

export const balancedAccuracy = metric({
  compute: ({ confusion, classNames }) => balancedAccuracyOf(scoreClasses(confusion, classNames)),
  figure: {
    id: 'balancedAccuracy',
    name: 'Balanced accuracy',
    title: 'Balanced accuracy',
    meaning:
      'Mean over the classes of the share of their test images classified correctly: every class counts the same, however many images it has',
    better: 'high',
    format: percent,
    shownIn: ['runs', 'unequalClasses'],
    of: (value) => value,
    ofClasses: balancedAccuracyOf,
  },
});
