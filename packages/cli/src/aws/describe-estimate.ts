import { roughDollars } from '@bakeoff/statistics/formats';
import type { CostEstimate } from './estimate-cost.ts';

const DAY_MS = 24 * 3600 * 1000;

/** The estimate in two lines for people. `region`: where it would run, if that is known. */
export function describeEstimate(
  {
    compute,
    trainingHours,
    machine,
    spotDollars,
    onDemandDollars,
    fargateDollars,
    pricesOf,
    pricesRegion,
  }: CostEstimate,
  { region, nowMs }: { readonly region?: string; readonly nowMs: number },
): string[] {
  return [
    `at most about ${trainingHours.toFixed(1)} ${compute === 'gpu' ? 'GPU hours' : 'hours'} on ${machine}: ${roughDollars(spotDollars)} on Spot, ` +
      `${roughDollars(onDemandDollars)} on demand; other stages ${roughDollars(fargateDollars)}`,
    `a rough estimate, at ${pricesRegion} prices of ${pricesOf} (${age(pricesOf, nowMs)} old)` +
      (region === undefined || pricesRegion === region
        ? ''
        : `, which are not those of ${region}: give its own with --prices FILE`),
  ];
}

function age(date: string, nowMs: number): string {
  const days = Math.max(0, Math.floor((nowMs - Date.parse(date)) / DAY_MS));
  const months = Math.floor(days / 30.44);
  return months >= 2 ? `${months} months` : days === 1 ? '1 day' : `${days} days`;
}
