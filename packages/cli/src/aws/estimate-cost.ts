import { jobs, type Plan, type PlannedDataset, type PlannedRun, type PriceTable, stepsPerEpoch } from '@bakeoff/core';
import { sourceOf } from '@bakeoff/data-prep/sources';
import { describeModel } from '@bakeoff/model/architectures';

export interface CostEstimate {
  /** Assumes that every training runs for all its epochs; early stopping makes it cheaper. */
  readonly gpuHours: number;
  readonly instanceType: string;
  readonly spotDollars: number;
  readonly onDemandDollars: number;
  /** Of the other stages. */
  readonly fargateDollars: number;
  /** The day of the prices, and the region whose prices they are. */
  readonly pricesOf: string;
  readonly pricesRegion: string;
}

/**
 * Conservative figures for one GPU. On small networks, TensorFlow.js is bound by the number of operations, so a step
 * takes a time that grows with the depth before arithmetic matters. Once a recipe has run, its measurements are more accurate.
 */
const STEP_SECONDS = 0.001;
/**
 * Added for each layer with weights: a step of ResNet20 (22 of them) is 248 operations on the device, of about 60 µs
 * each.
 */
const LAYER_SECONDS = 0.0007;
const FLOPS_PER_SECOND = 1.5e12;
/** From a job's start to its first step, and from its last to its end: image, engine, data, weights. */
const JOB_SECONDS = 150;
/** Boot time of an instance, paid once for each that starts. */
const BOOT_SECONDS = 180;

/**
 * Estimates the cost of an execution that trains these runs of a plan on the instance type with the lowest Spot price.
 */
export function estimateCost(
  plan: Plan,
  runs: readonly PlannedRun[],
  prices: PriceTable,
  concurrentRuns = 8,
): CostEstimate {
  const [cheapest] = Object.entries(prices.hourly).sort(
    ([, a], [, b]) => (a.spot ?? a.onDemand) - (b.spot ?? b.onDemand),
  );
  if (cheapest === undefined) throw new RangeError('the price table names no instance type');
  const [instanceType, { onDemand, spot = onDemand }] = cheapest;
  const boots = Math.min(runs.length, concurrentRuns) * BOOT_SECONDS;
  const gpuHours = (runs.reduce((sum, run) => sum + trainingSeconds(plan, run) + JOB_SECONDS, 0) + boots) / 3600;
  return {
    gpuHours,
    instanceType,
    spotDollars: gpuHours * spot,
    onDemandDollars: gpuHours * onDemand,
    fargateDollars: fargateDollars(runs.length, prices),
    pricesOf: prices.date,
    pricesRegion: prices.region,
  };
}

/**
 * The jobs without a GPU, by the size and typical time in the table of stages. Fargate bills each second by that size.
 */
function fargateDollars(runs: number, { fargate: { vcpuHour, gibHour } }: PriceTable): number {
  const onFargate = Object.values(jobs).filter(({ batch }) => batch.gpus === 0);
  const once = onFargate.filter(({ subject }) => subject !== 'run');
  const perRun = onFargate.filter(({ subject }) => subject === 'run');
  return [...once, ...Array.from({ length: runs }, () => perRun).flat()].reduce(
    (sum, { batch: { vcpus, memoryMib, typicalSeconds } }) =>
      sum + ((vcpus * vcpuHour + (memoryMib / 1024) * gibHour) * (typicalSeconds ?? 0)) / 3600,
    0,
  );
}

/**
 * A step is a forward and a backward pass, about three forward passes; validation is one. A multiply-accumulate is two
 * operations.
 */
function trainingSeconds(plan: Plan, run: PlannedRun): number {
  const { datasetId, macs, recipe } = run;
  const dataset = plan.datasets.find((each) => each.datasetId === datasetId);
  const { train = 0, validation = 0 } = dataset?.images ?? {};
  const stepSeconds = STEP_SECONDS + LAYER_SECONDS * weightLayers(run, dataset);
  const steps = stepsPerEpoch(train, recipe.batchSize) + Math.ceil(validation / recipe.batchSize) / 3;
  return recipe.maxEpochs * (steps * stepSeconds + (2 * macs * (3 * train + validation)) / FLOPS_PER_SECOND);
}

/** Layers with weights that multiply: convolutions and dense layers. */
function weightLayers({ recipe }: PlannedRun, dataset: PlannedDataset | undefined): number {
  if (dataset === undefined) return 0;
  const { layers } = describeModel(recipe.model, {
    imageShape: sourceOf(dataset.config).imageShape,
    classes: dataset.classes.length,
  });
  return layers.filter(({ macs }) => macs > 0).length;
}
