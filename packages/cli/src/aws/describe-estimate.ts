import { roughDollars } from '@bakeoff/statistics/formats';
import type { CostEstimate } from './estimate-cost.ts';

/** The estimate in two lines for people. */
export function describeEstimate({
  gpuHours,
  instanceType,
  spotDollars,
  onDemandDollars,
  fargateDollars,
  pricesOf,
}: CostEstimate): string[] {
  return [
    `at most about ${gpuHours.toFixed(1)} GPU hours on ${instanceType}: ${roughDollars(spotDollars)} on Spot, ` +
      `${roughDollars(onDemandDollars)} on demand; other stages ${roughDollars(fargateDollars)}`,
    `a rough estimate, at prices of ${pricesOf}`,
  ];
}
