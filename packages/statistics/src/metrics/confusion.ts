import { metric } from './metric.ts';

/** counts[label][prediction] over the classes. */
export const confusion = metric({ compute: (split) => split.confusion.counts, figure: null });
