import { canonicalJson, runCost, standardPrices } from '@bakeoff/core';
import type { EngineDescription, PriceTable, TrainingMeasurement } from '@bakeoff/core';
import type { Collected, CollectedRun } from './collect.ts';
import type { Measurements, RunMeasurement } from './measurements.ts';

const byStart = <T extends { readonly startedAt: string; readonly attemptId: string }>(list: readonly T[]): T[] => [...list].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : a.attemptId < b.attemptId ? -1 : 1));

/** Seconds at each epoch's end over resumed attempts: an epoch measured twice counts as its later attempt had it, after all time spent before. */
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

function measure(run: CollectedRun, indexOf: (engine: EngineDescription) => number, prices: PriceTable): RunMeasurement | null {
  const training = byStart(run.training);
  const evaluation = byStart(run.evaluating).at(-1);
  const last = training.at(-1);
  if (!last && !evaluation) return null;
  return {
    attempts: training.map(({ attemptId, startedAt, outcome, firstStep, lastStep, wallSeconds, host }) => ({ attemptId, startedAt, outcome, firstStep, lastStep, wallSeconds, host: host?.instanceType === undefined ? null : `${host.instanceType}${host.purchase ? `, ${host.purchase}` : ''}` })),
    wallSeconds: training.reduce((sum, attempt) => sum + attempt.wallSeconds, 0),
    imagesPerSecond: last?.imagesPerSecond ?? null,
    peakMemoryBytes: Math.max(0, ...training.map((attempt) => attempt.peakMemoryBytes)),
    ...runCost(training, prices),
    epochEndSeconds: epochEnds(training),
    latency: evaluation?.latency ?? [],
    trainingEngine: last ? indexOf(last.engine) : null,
    evaluationEngine: evaluation ? indexOf(evaluation.engine) : null,
  };
}

/** Gathers the measurements of a plan's runs; `prices` turns attempts on known machines into dollars. */
export function assembleMeasurements({ runs }: Collected, prices: PriceTable = standardPrices): Measurements {
  const engines: EngineDescription[] = [];
  const indexOf = (engine: EngineDescription): number => {
    const key = canonicalJson(engine);
    const known = engines.findIndex((other) => canonicalJson(other) === key);
    return known >= 0 ? known : engines.push(engine) - 1;
  };
  const measured = runs.map((run) => measure(run, indexOf, prices));
  return { runs: measured, engines, prices: measured.some((run) => run?.dollars != null) ? { date: prices.date, source: prices.source } : null };
}
