import { significant } from '../formats.ts';
import { mean } from '../mean.ts';
import { metric } from './metric.ts';

/** Mean negative log likelihood (cross entropy), in nats. */
export const nll = metric({
  compute: ({ images }) => mean(Array.from(images.loss)),
  figure: {
    id: 'testNll',
    name: 'NLL',
    title: 'Test NLL',
    meaning: 'Mean negative log likelihood on the test images, in nats',
    better: 'low',
    format: significant,
    shownIn: ['runs', 'sections', 'reliability'],
    of: (value) => value,
  },
});
