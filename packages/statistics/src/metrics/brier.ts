import { significant } from '../formats.ts';
import { mean } from '../mean.ts';
import { metric } from './metric.ts';

/** Multi-class Brier score: mean over images of the sum of squared probability errors, 0 to 2. */
export const brier = metric({
  compute: ({ images }) => mean(Array.from(images.brier)),
  figure: {
    id: 'brier',
    name: 'Brier',
    title: 'Brier',
    meaning: 'Multi-class Brier score on the test images, 0 to 2',
    better: 'low',
    format: significant,
    shownIn: ['reliability'],
    of: (value) => value,
  },
});
