import { metric } from './metric.ts';

/**
 * By label, images whose highest output is beyond the classes: they are wrong and in no column of the confusion. Undefined where the network has one output per
 * class.
 */
export const otherPredictions = metric({
  compute: ({ predictions, confusion }) => (predictions.others === null ? undefined : confusion.others),
  figure: null,
});
