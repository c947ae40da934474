import {
  type EngineDescription,
  evaluationIds,
  evaluationMeasurementSchema,
  keys,
  mapConcurrently,
  type Plan,
  type PlannedDataset,
  type PlannedRun,
  readAttempts,
  readRecords,
  type Store,
  type TrainingMeasurement,
} from '@bakeoff/core';
import { median } from '@bakeoff/statistics';
import { datasetOf } from '../plans/dataset-of.ts';
import { readKeptPlans } from '../plans/kept-plans.ts';
import { epochMacs, evaluationMacs } from '../tasks/training-macs.ts';
import { networkKey, type RunSpeeds } from './expected-time.ts';

/** Runs whose measurements are read for one network. */
const RUNS_PER_NETWORK = 3;
const READS_AT_ONCE = 32;

/** Of one run, in seconds for a multiply-accumulate of its network, so that it holds for other numbers of images. */
interface Measured {
  readonly training: number;
  /** Of its start and its end, and of checkpoints, in seconds. */
  readonly overhead: number;
  readonly evaluation: number | null;
}

interface Candidate {
  readonly run: PlannedRun;
  readonly dataset: PlannedDataset;
}

/**
 * The speeds that runs of a plan's networks had on this machine: by the measurements of the plan's own finished runs, and
 * of runs of the same networks in other plans of the store.
 *
 * @param isWanted whether a measurement was made on this machine, by this build, with the wanted engine
 */
export async function readKeptSpeeds(
  store: Store,
  plan: Plan,
  isWanted: (engine: EngineDescription) => boolean,
): Promise<RunSpeeds> {
  const wanted = new Set(plan.runs.map(networkKey));
  const speeds = new Map<string, Measured[]>();
  const measure = async (of: Plan): Promise<void> => {
    const candidates = new Map<string, Candidate[]>();
    for (const run of of.runs) {
      const key = networkKey(run);
      if (!wanted.has(key) || speeds.has(key)) continue;
      candidates.set(key, [...(candidates.get(key) ?? []), { run, dataset: datasetOf(of, run) }]);
    }
    await mapConcurrently([...candidates], READS_AT_ONCE, async ([key, runs]) => {
      const found = await measuredRuns(store, runs, isWanted);
      if (found.length > 0) speeds.set(key, found);
    });
  };
  await measure(plan);
  for (const other of speeds.size < wanted.size ? await readKeptPlans(store) : []) await measure(other);
  return speedsFrom(speeds);
}

async function measuredRuns(
  store: Store,
  candidates: readonly Candidate[],
  isWanted: (engine: EngineDescription) => boolean,
): Promise<Measured[]> {
  const found: Measured[] = [];
  for (const candidate of candidates) {
    const measured = await measuredRun(store, candidate, isWanted);
    if (measured !== undefined) found.push(measured);
    if (found.length === RUNS_PER_NETWORK) break;
  }
  return found;
}

async function measuredRun(
  store: Store,
  { run, dataset }: Candidate,
  isWanted: (engine: EngineDescription) => boolean,
): Promise<Measured | undefined> {
  const attempts = await readAttempts(store, run.runId);
  const here = attempts.filter(({ engine }) => isWanted(engine));
  const epochs = here.flatMap(wholeEpochs);
  if (epochs.length === 0) return undefined;
  const evaluations = (
    await Promise.all(
      evaluationIds(run).map((id) => readRecords(store, keys.evaluationMeasurements(id), evaluationMeasurementSchema)),
    )
  )
    .flat()
    .filter(({ engine }) => isWanted(engine));
  const evaluated = evaluations.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0) / (evaluations.length || 1);
  return {
    training: median(epochs) / epochMacs(run, dataset),
    overhead: median(here.map(overheadSeconds)),
    evaluation:
      evaluations.length === 0 ? null : (evaluated * evaluationIds(run).length) / evaluationMacs(run, dataset),
  };
}

/** Seconds of the epochs that an attempt trained from their first step. */
function wholeEpochs({ epochs, firstStep }: TrainingMeasurement): number[] {
  return epochs.slice(firstStep === 0 ? 0 : 1).map(({ wallSeconds }) => wallSeconds);
}

function overheadSeconds({ epochs, wallSeconds }: TrainingMeasurement): number {
  return Math.max(0, wallSeconds - epochs.reduce((sum, epoch) => sum + epoch.wallSeconds, 0));
}

function speedsFrom(speeds: ReadonlyMap<string, readonly Measured[]>): RunSpeeds {
  const of = (run: PlannedRun): readonly Measured[] => speeds.get(networkKey(run)) ?? [];
  return {
    training: (run, dataset) => {
      const measured = of(run);
      if (measured.length === 0) return null;
      const pace = median(measured.map(({ training }) => training));
      return run.recipe.maxEpochs * epochMacs(run, dataset) * pace + median(measured.map(({ overhead }) => overhead));
    },
    evaluation: (run, dataset) => {
      const measured = of(run).flatMap(({ evaluation }) => evaluation ?? []);
      return measured.length === 0 ? null : median(measured) * evaluationMacs(run, dataset);
    },
  };
}
