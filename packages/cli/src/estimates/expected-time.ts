import { type Plan, plannedAugmentations, type PlannedDataset, type PlannedRun, type StageName } from '@bakeoff/core';
import { datasetOf } from '../plans/dataset-of.ts';
import type { Task } from '../tasks/task.ts';
import { evaluationMacs, trainingMacs } from '../tasks/training-macs.ts';

/** How long a task is expected to take on this machine, from the start of its process to its end. */
export interface ExpectedTime {
  readonly seconds: number;
  /** False: its speed on this machine is not known, and `seconds` only compares it with other such tasks. */
  readonly isKnown: boolean;
  /** What decides its speed: tasks of the same network have the same pace. Null: it computes on no engine. */
  readonly network: string | null;
}

/** Seconds that a run's stages take; null: its speed is not known. */
export interface RunSpeeds {
  training(run: PlannedRun, dataset: PlannedDataset): number | null;
  evaluation(run: PlannedRun, dataset: PlannedDataset): number | null;
}

/** Nothing is known of the machine. */
export const NO_SPEEDS: RunSpeeds = { training: () => null, evaluation: () => null };

/** A process that has loaded its engine. */
const START_SECONDS = 0.4;
/** Multiply-accumulates per second, to compare tasks of unknown speed with each other. */
const ASSUMED_MACS_PER_SECOND = 3e10;
/** Of stages that compute on no engine, without downloads: they are short beside trainings. */
const SHORT_SECONDS: Readonly<Partial<Record<StageName, number>>> = { compare: 0.1, report: 0.3 };
/** Reading, examining and writing images; making a view that is stored. */
const SECONDS_PER_IMAGE = 2e-4;
const SECONDS_PER_STORED_BYTE = 3e-7;

/** What decides the speed of a run on a machine: runs that agree in it take the same time for an image. */
export function networkKey({ recipe, macs, parameters }: PlannedRun): string {
  return [recipe.model.type, macs, parameters, recipe.batchSize, recipe.replicas].join(' ');
}

/** What the tasks of a plan are expected to take. */
export function expectedTimes(plan: Plan, speeds: RunSpeeds): (task: Task) => ExpectedTime {
  const known = new Map<string, ExpectedTime>();
  return (task) => {
    const found = known.get(task.id) ?? expectedTime(task, plan, speeds);
    known.set(task.id, found);
    return found;
  };
}

function expectedTime({ work }: Task, plan: Plan, speeds: RunSpeeds): ExpectedTime {
  if (!('run' in work)) {
    const seconds =
      START_SECONDS + ('dataset' in work ? preparation(work.dataset, plan) : (SHORT_SECONDS[work.stage] ?? 0));
    return { seconds, isKnown: true, network: null };
  }
  const { run } = work;
  const dataset = datasetOf(plan, run);
  const isTraining = work.stage === 'train';
  const seconds = isTraining ? speeds.training(run, dataset) : speeds.evaluation(run, dataset);
  const macs = isTraining ? trainingMacs(run, dataset) : evaluationMacs(run, dataset);
  return {
    seconds: START_SECONDS + (seconds ?? macs / ASSUMED_MACS_PER_SECOND),
    isKnown: seconds !== null,
    network: `${work.stage} ${networkKey(run)}`,
  };
}

function preparation(dataset: PlannedDataset, plan: Plan): number {
  const { train, validation, test } = dataset.images;
  const stored = plannedAugmentations(dataset, plan).reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  return (train + validation + test) * SECONDS_PER_IMAGE + stored * SECONDS_PER_STORED_BYTE;
}
