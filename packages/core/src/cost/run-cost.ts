import type { TrainingMeasurement } from '../records/measurement-records.ts';
import { fargateHourly, type PriceTable } from './price-table.ts';

export interface RunCost {
  /** Seconds that the attempts' jobs ran, each from the start of its process to its last measurement. */
  readonly jobSeconds: number;
  /** Seconds spent on steps that a later attempt repeated. */
  readonly lostSeconds: number;
  /** Null if an attempt's machine is unknown or has no price. */
  readonly dollars: number | null;
}

/** What a run's training cost over all its attempts, including interrupted and failed ones. */
export function runCost(measurements: readonly TrainingMeasurement[], prices: PriceTable): RunCost {
  const costs = measurements.map((attempt) => attemptDollars(attempt, prices));
  return {
    jobSeconds: measurements.reduce((sum, attempt) => sum + jobSeconds(attempt), 0),
    lostSeconds: lostSeconds(measurements),
    dollars:
      costs.length > 0 && costs.every((cost) => cost !== null) ? costs.reduce((sum, cost) => sum + cost, 0) : null,
  };
}

function jobSeconds({ wallSeconds, host }: TrainingMeasurement): number {
  return wallSeconds + (host?.startupSeconds ?? 0);
}

function attemptDollars(attempt: TrainingMeasurement, prices: PriceTable): number | null {
  const hourly = hostHourly(attempt.host ?? {}, prices);
  return hourly === null ? null : (hourly * jobSeconds(attempt)) / 3600;
}

function hostHourly(
  { instanceType, fargate, purchase = 'on-demand' }: NonNullable<TrainingMeasurement['host']>,
  prices: PriceTable,
): number | null {
  if (fargate !== undefined) return fargateHourly(prices, fargate, purchase);
  const price = instanceType === undefined ? undefined : prices.hourly[instanceType];
  if (price === undefined) return null;
  return purchase === 'spot' ? (price.spot ?? price.onDemand) : price.onDemand;
}

/**
 * An attempt that reached step 900 and left a checkpoint at 800 for the next one lost a ninth of its time, if it
 * started from 0.
 */
function lostSeconds(measurements: readonly TrainingMeasurement[]): number {
  const attempts = [...measurements].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return attempts.reduce((sum, { firstStep, lastStep, wallSeconds }, i) => {
    const next = attempts[i + 1];
    const done = lastStep - firstStep;
    if (next === undefined || done <= 0) return sum;
    const repeated = Math.min(done, Math.max(0, lastStep - next.firstStep));
    return sum + (wallSeconds * repeated) / done;
  }, 0);
}
