import { wilsonInterval } from '../wilson-interval.ts';
import { metric } from './metric.ts';

/** Wilson score interval of the accuracy. */
export const accuracyInterval = metric({
  compute: ({ images }) =>
    wilsonInterval(
      images.correct.reduce((sum, correct) => sum + correct, 0),
      images.correct.length,
    ),
  figure: null,
});
