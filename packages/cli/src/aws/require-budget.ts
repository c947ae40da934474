import { UserError } from '@bakeoff/core';
import { dollars } from '@bakeoff/statistics/formats';
import type { CostEstimate } from './estimate-cost.ts';

/**
 * Compares the most that an execution is expected to cost with a limit: all epochs of every training, on demand.
 * @throws UserError if it is more
 */
export function requireBudget({ onDemandDollars, fargateDollars }: CostEstimate, maxDollars: number | undefined): void {
  const most = onDemandDollars + fargateDollars;
  if (maxDollars === undefined || most <= maxDollars) return;
  throw new UserError({
    what: 'this could cost more than --max-dollars',
    received: `${dollars(most)}, if every training runs on demand for all its epochs`,
    allowed: `at most ${dollars(maxDollars)}`,
    fix: 'raise the limit, or leave out runs, seeds or epochs',
  });
}
