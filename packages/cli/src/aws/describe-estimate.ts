import type { CostEstimate } from './estimate-cost.ts';

const cost = (dollars: number): string => `$${dollars < 10 ? dollars.toFixed(2) : dollars.toFixed(0)}`;

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
    `at most about ${gpuHours.toFixed(1)} GPU hours on ${instanceType}: ${cost(spotDollars)} on Spot, ${cost(onDemandDollars)} on demand; other stages ${cost(fargateDollars)}`,
    `a rough estimate, by prices of ${pricesOf}`,
  ];
}
