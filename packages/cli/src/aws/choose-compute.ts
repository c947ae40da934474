import { type TrainingCompute, UserError } from '@bakeoff/core';
import { roughDollars } from '@bakeoff/statistics/formats';
import { type Asking, confirm } from './confirm.ts';
import type { Deployment } from './deployment.ts';
import type { CostEstimate } from './estimate-cost.ts';
import { hasNoGpuQuota } from './quotas.ts';

interface ComputeChoice {
  /** By --compute. */
  readonly requested: TrainingCompute | undefined;
  /** With --yes. */
  readonly isSilent: boolean;
  readonly estimate: (compute: TrainingCompute) => CostEstimate;
}

const ASK_FOR_QUOTA = 'ask for a quota under Service Quotas (docs/aws.md, "Ask for quotas")';

/**
 * What trainings run on: what was requested, else the deployment's default. Where that is GPUs and the account may not
 * start a single one, it proposes CPUs and asks; undefined if the answer is no.
 * @throws UserError if the deployment cannot do what was requested, or there is nobody to ask
 */
export async function chooseCompute(
  deployment: Deployment,
  { requested, isSilent, estimate }: ComputeChoice,
  asking: Omit<Asking, 'fix'>,
): Promise<TrainingCompute | undefined> {
  requireCompute(deployment, requested);
  const [standard = 'gpu'] = deployment.computes;
  if (requested !== undefined || standard === 'cpu' || !(await hasNoGpuQuota())) return requested ?? standard;
  if (!deployment.computes.includes('cpu'))
    throw new UserError({
      what: 'no training could start',
      received: noQuota(deployment),
      fix: `${ASK_FOR_QUOTA}, or deploy again to train on CPUs`,
    });
  const fix = `add --compute cpu, or ${ASK_FOR_QUOTA}; --compute gpu starts anyway`;
  const onCpu = describe(estimate('cpu'));
  if (isSilent)
    throw new UserError({ what: 'no training could start', received: noQuota(deployment), allowed: onCpu, fix });
  const question = `${noQuota(deployment)}. Train on CPUs instead? ${onCpu}.`;
  return (await confirm(question, { ...asking, fix })) ? 'cpu' : undefined;
}

/** @throws UserError if the deployment has no such machines. */
export function requireCompute({ stackName, computes }: Deployment, requested: TrainingCompute | undefined): void {
  if (requested === undefined || computes.includes(requested)) return;
  throw new UserError({
    what: `stack ${stackName} cannot train on ${requested === 'gpu' ? 'GPUs' : 'CPUs'}`,
    received: `--compute ${requested}`,
    allowed: `--compute ${computes.join(', ')}`,
    fix:
      requested === 'gpu'
        ? 'deploy GPU instances: bakeoff deploy --set compute=gpu'
        : 'it was deployed by an earlier version; deploy it again: bakeoff deploy',
  });
}

function noQuota({ region }: Deployment): string {
  return `This account’s quota for GPU instances in ${region} is 0`;
}

function describe({ trainingHours, longestHours, machine, spotDollars, onDemandDollars }: CostEstimate): string {
  return (
    `At most about ${trainingHours.toFixed(1)} hours on ${machine}, the longest training ${longestHours.toFixed(1)}: ` +
    `${roughDollars(spotDollars)} on Spot, ${roughDollars(onDemandDollars)} on demand`
  );
}
