import { metric } from './metric.ts';

/**
 * By label, the number of images whose highest output is beyond the classes. They are wrong, and in no column of the
 * confusion. Undefined if the network has one output per class.
 */
export const otherPredictions = metric({
  compute: ({ predictions, confusion }) => (predictions.others === null ? undefined : confusion.others),
  figure: null,
});
