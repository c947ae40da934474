import {
  fargateHourly,
  jobs,
  type Plan,
  type PlannedDataset,
  type PlannedRun,
  type PriceTable,
  stepsPerEpoch,
  type TrainingCompute,
} from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';
import { datasetOf } from '../plans/dataset-of.ts';
import { trainingMacs } from '../tasks/training-macs.ts';

export interface CostEstimate {
  readonly compute: TrainingCompute;
  /**
   * Of all trainings together. Assumes that every training runs for all its epochs; early stopping makes it cheaper.
   */
  readonly trainingHours: number;
  /** Of the longest training alone. */
  readonly longestHours: number;
  /** The instance type, or the size of the Fargate task, that trains. */
  readonly machine: string;
  readonly spotDollars: number;
  readonly onDemandDollars: number;
  /** Of the other stages. */
  readonly fargateDollars: number;
  /** The day of the prices, and the region whose prices they are. */
  readonly pricesOf: string;
  readonly pricesRegion: string;
}

/** What one machine costs and how fast it is. */
interface Machine {
  readonly name: string;
  readonly hourly: { readonly spot: number; readonly onDemand: number };
  readonly trainingSeconds: (plan: Plan, run: PlannedRun) => number;
  /** From a job's start to its first step, and from its last to its end: image, engine, data, weights. */
  readonly jobSeconds: number;
  /** Boot time of an instance, paid once for each that starts. */
  readonly bootSeconds: number;
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
const GPU_FLOPS_PER_SECOND = 1.5e12;
/**
 * A vCPU of Fargate is a thread of an unknown core: less than half of the 50e9 to 90e9 at which one core trains ResNet20
 * with WebAssembly or native kernels (docs/performance.md).
 */
const VCPU_FLOPS_PER_SECOND = 2e10;

/** Estimates the cost of an execution that trains these runs of a plan. */
export function estimateCost(
  plan: Plan,
  runs: readonly PlannedRun[],
  prices: PriceTable,
  compute: TrainingCompute = 'gpu',
  concurrentRuns = 8,
): CostEstimate {
  const machine = compute === 'gpu' ? cheapestGpu(prices) : fargateTask(prices);
  const seconds = runs.map((run) => machine.trainingSeconds(plan, run) + machine.jobSeconds);
  const boots = Math.min(runs.length, concurrentRuns) * machine.bootSeconds;
  const trainingHours = (seconds.reduce((sum, each) => sum + each, 0) + boots) / 3600;
  return {
    compute,
    trainingHours,
    longestHours: Math.max(0, ...seconds) / 3600,
    machine: machine.name,
    spotDollars: trainingHours * machine.hourly.spot,
    onDemandDollars: trainingHours * machine.hourly.onDemand,
    fargateDollars: fargateDollars(runs.length, prices),
    pricesOf: prices.date,
    pricesRegion: prices.region,
  };
}

/** The instance type with the lowest Spot price. */
function cheapestGpu(prices: PriceTable): Machine {
  const [cheapest] = Object.entries(prices.hourly).sort(
    ([, a], [, b]) => (a.spot ?? a.onDemand) - (b.spot ?? b.onDemand),
  );
  if (cheapest === undefined) throw new RangeError('the price table names no instance type');
  const [name, { onDemand, spot = onDemand }] = cheapest;
  return { name, hourly: { spot, onDemand }, trainingSeconds: secondsOnGpu, jobSeconds: 150, bootSeconds: 180 };
}

function fargateTask(prices: PriceTable): Machine {
  const size = jobs.train.batch.withoutGpu!;
  return {
    name: `Fargate (${size.vcpus} vCPU, ${size.memoryMib / 1024} GiB)`,
    hourly: { spot: fargateHourly(prices, size, 'spot'), onDemand: fargateHourly(prices, size, 'on-demand') },
    trainingSeconds: secondsOnCpu,
    jobSeconds: 60,
    bootSeconds: 0,
  };
}

/**
 * The jobs without a GPU, by the size and typical time in the table of stages. Fargate bills each second by that size.
 */
function fargateDollars(runs: number, prices: PriceTable): number {
  const onFargate = Object.values(jobs).filter(({ batch }) => batch.gpus === 0);
  const once = onFargate.filter(({ subject }) => subject !== 'run');
  const perRun = onFargate.filter(({ subject }) => subject === 'run');
  return [...once, ...Array.from({ length: runs }, () => perRun).flat()].reduce(
    (sum, { batch }) => sum + (fargateHourly(prices, batch, 'on-demand') * (batch.typicalSeconds ?? 0)) / 3600,
    0,
  );
}

function secondsOnGpu(plan: Plan, run: PlannedRun): number {
  const { recipe } = run;
  const dataset = datasetOf(plan, run);
  const { train, validation } = dataset.images;
  const stepSeconds = STEP_SECONDS + LAYER_SECONDS * weightLayers(run, dataset);
  const steps = stepsPerEpoch(train, recipe.batchSize) + Math.ceil(validation / recipe.batchSize) / 3;
  return recipe.maxEpochs * steps * stepSeconds + trainingFlops(run, dataset) / GPU_FLOPS_PER_SECOND;
}

function secondsOnCpu(plan: Plan, run: PlannedRun): number {
  return trainingFlops(run, datasetOf(plan, run)) / VCPU_FLOPS_PER_SECOND;
}

/** A multiply-accumulate is two operations. */
function trainingFlops(run: PlannedRun, dataset: PlannedDataset): number {
  return 2 * trainingMacs(run, dataset);
}

/** Layers with weights that multiply: convolutions and dense layers. */
function weightLayers({ recipe }: PlannedRun, dataset: PlannedDataset): number {
  const { layers } = describeModel(recipe.model, {
    imageShape: dataset.imageShape,
    classes: dataset.classes.length,
  });
  return layers.filter(({ macs }) => macs > 0).length;
}
