import { type Calibration, evaluationsOf, forwardPasses, type PlannedDataset, type PlannedRun } from '@bakeoff/core';
import type { RunSpeeds } from './expected-time.ts';
import { fitSeconds } from './fit-seconds.ts';
import { type NetworkSize, networkSize } from './network-size.ts';

/** Loading weights, measuring latency, and writing predictions. */
const EVALUATION_SECONDS = 0.6;

/**
 * The speeds of any network, from the steps of a few networks that were measured: by MACs, activations and weights.
 *
 * @param share how many times as long steps take next to others: `calibration.sharing` where every core is at work
 */
export function calibratedSpeeds({ networks }: Calibration, share: number): RunSpeeds {
  const training = fitSeconds(networks.map((each) => ({ ...each, seconds: each.trainingSeconds })));
  const prediction = fitSeconds(networks.map((each) => ({ ...each, seconds: each.predictionSeconds })));
  return {
    training: (run, dataset) => {
      const size = sized(run, dataset);
      const { maxEpochs, replicas } = run.recipe;
      const { images } = dataset;
      return maxEpochs * share * ((images.train * training(size)) / replicas + images.validation * prediction(size));
    },
    evaluation: (run, dataset) => {
      const passes = evaluationsOf(run).map(forwardPasses);
      const { test, validation } = dataset.images;
      const seconds = share * (test + validation) * prediction(sized(run, dataset));
      return passes.reduce((sum, each) => sum + each * seconds + EVALUATION_SECONDS, 0);
    },
  };
}

function sized({ recipe }: PlannedRun, { imageShape, classes }: PlannedDataset): NetworkSize & { batchSize: number } {
  return {
    ...networkSize(recipe.model, { imageShape, classes: classes.length }),
    // Each replica computes its part of a batch, at the same time as the others.
    batchSize: recipe.batchSize / recipe.replicas,
  };
}
