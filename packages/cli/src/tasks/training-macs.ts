import { evaluationsOf, forwardPasses, type PlannedDataset, type PlannedRun } from '@bakeoff/core';

/**
 * Multiply-accumulates of one epoch: a forward and a backward pass over the training images cost about three forward
 * passes, and validation is one over its own.
 */
export function epochMacs({ macs }: Pick<PlannedRun, 'macs'>, { images }: Pick<PlannedDataset, 'images'>): number {
  return macs * (3 * images.train + images.validation);
}

/** Of a whole training, with all its epochs. */
export function trainingMacs(run: PlannedRun, dataset: Pick<PlannedDataset, 'images'>): number {
  return run.recipe.maxEpochs * epochMacs(run, dataset);
}

/** Of predicting the test and the validation images, once for each pass of each of the run's evaluations. */
export function evaluationMacs(run: PlannedRun, { images }: Pick<PlannedDataset, 'images'>): number {
  const passes = evaluationsOf(run).reduce((sum, evaluation) => sum + forwardPasses(evaluation), 0);
  return run.macs * passes * (images.test + images.validation);
}
