import { percent } from '../formats.ts';
import { mean } from '../mean.ts';
import { metric } from './metric.ts';

/** Share of images classified correctly. */
export const accuracy = metric({
  compute: ({ images }) => mean(Array.from(images.correct)),
  figure: {
    id: 'testAccuracy',
    name: 'Accuracy',
    title: 'Test accuracy',
    meaning:
      'Share of held-out test images classified correctly with the weights of the best epoch, with its Wilson 95 % interval',
    better: 'high',
    format: percent,
    shownIn: ['runs'],
    of: (value) => value,
  },
});
