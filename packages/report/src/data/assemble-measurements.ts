import { canonicalJson, runCost, standardPrices } from '@bakeoff/core';
import type { EngineDescription, GpuUse, PriceTable, RunFailure, TrainingMeasurement } from '@bakeoff/core';
import type { Collected } from './collect.ts';
import type { CollectedRun } from './collected-run.ts';
import type { Measurements, RunMeasurement } from './measurements.ts';

const DAY_MS = 24 * 3600 * 1000;

const byStart = <T extends { readonly startedAt: string; readonly attemptId: string }>(list: readonly T[]): T[] =>
  [...list].sort((a, b) =>
    a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : a.attemptId < b.attemptId ? -1 : 1,
  );

/**
 * Seconds at the end of each epoch over resumed attempts. An epoch measured twice counts as in the later attempt, after
 * all time spent before.
 */
function epochEnds(attempts: readonly TrainingMeasurement[]): number[] {
  const ends: number[] = [];
  let before = 0;
  for (const attempt of attempts) {
    let elapsed = before;
    for (const { epoch, wallSeconds } of attempt.epochs) {
      elapsed += wallSeconds;
      ends[epoch - 1] = elapsed;
    }
    before += attempt.wallSeconds;
  }
  return Array.from(ends, (seconds) => (seconds === undefined ? Number.NaN : Math.round(seconds * 1000) / 1000));
}

/** Over all attempts: the highest memory, and the mean utilization weighted by each attempt's number of readings. */
function gpuUse(
  attempts: readonly TrainingMeasurement[],
): Pick<RunMeasurement, 'gpuPeakMemoryBytes' | 'gpuUtilization'> {
  const uses = attempts.flatMap(({ gpu }) => gpu ?? []);
  const peaks = uses.flatMap(({ peakMemoryMib }) => peakMemoryMib ?? []);
  const told = uses.filter((use): use is GpuUse & { meanUtilization: number } => use.meanUtilization !== null);
  const samples = told.reduce((sum, use) => sum + use.samples, 0);
  return {
    gpuPeakMemoryBytes: peaks.length === 0 ? null : Math.max(...peaks) * 2 ** 20,
    gpuUtilization:
      samples === 0 ? null : told.reduce((sum, use) => sum + use.samples * use.meanUtilization, 0) / samples,
  };
}

function measure(
  run: CollectedRun,
  indexOf: (engine: EngineDescription) => number,
  prices: PriceTable,
): RunMeasurement | null {
  const training = byStart(run.training);
  const evaluation = byStart(run.evaluating).at(-1);
  const last = training.at(-1);
  if (!last && !evaluation) return null;
  return {
    attempts: training.map(({ attemptId, startedAt, outcome, firstStep, lastStep, wallSeconds, host }) => ({
      attemptId,
      startedAt,
      outcome,
      firstStep,
      lastStep,
      wallSeconds,
      host: hostText(host),
    })),
    wallSeconds: training.reduce((sum, attempt) => sum + attempt.wallSeconds, 0),
    imagesPerSecond: last?.imagesPerSecond ?? null,
    peakMemoryBytes: Math.max(0, ...training.map((attempt) => attempt.peakMemoryBytes)),
    ...gpuUse(training),
    ...runCost(training, prices),
    epochEndSeconds: epochEnds(training),
    latency: evaluation?.latency ?? [],
    trainingEngine: last ? indexOf(last.engine) : null,
    evaluationEngine: evaluation ? indexOf(evaluation.engine) : null,
  };
}

function hostText({ instanceType, fargate, purchase }: TrainingMeasurement['host'] = {}): string | null {
  const machine =
    fargate === undefined ? instanceType : `Fargate (${fargate.vcpus} vCPU, ${fargate.memoryMib / 1024} GiB)`;
  return machine === undefined ? null : `${machine}${purchase === undefined ? '' : `, ${purchase}`}`;
}

/** The recorded cause for a run without a result. A failure that a later attempt made good does not count. */
function failureText({ record, evaluation }: CollectedRun, failure: RunFailure | undefined): string | null {
  if (failure === undefined || (record !== null && (evaluation !== null || record.status === 'diverged'))) return null;
  return `${failure.stage === null ? '' : `${failure.stage} failed: `}${failure.reason}`;
}

/** Collects the measurements of a plan's runs; `prices` converts attempts on known machines into dollars. */
export function assembleMeasurements(
  { evaluated, runs }: Collected,
  {
    prices = standardPrices,
    failures,
  }: { readonly prices?: PriceTable; readonly failures?: ReadonlyMap<string, RunFailure> },
): Measurements {
  const engines: EngineDescription[] = [];
  const indexOf = (engine: EngineDescription): number => {
    const key = canonicalJson(engine);
    const known = engines.findIndex((other) => canonicalJson(other) === key);
    return known >= 0 ? known : engines.push(engine) - 1;
  };
  const measured = runs.map((run) => measure(run, indexOf, prices));
  const failed = runs.map((run, i) => failureText(run, failures?.get(evaluated[i]?.run.runId ?? '')));
  return {
    runs: measured,
    engines,
    failures: failed,
    prices: measured.some((run) => run?.dollars != null) ? pricesUsed(prices, measured) : null,
  };
}

function pricesUsed(
  { date, region, source }: PriceTable,
  measured: readonly (RunMeasurement | null)[],
): Measurements['prices'] {
  const newest = Math.max(
    ...measured.flatMap((run) => run?.attempts.map(({ startedAt }) => Date.parse(startedAt)) ?? []),
  );
  return { date, region, source, ageDays: Math.max(0, Math.floor((newest - Date.parse(date)) / DAY_MS)) };
}
