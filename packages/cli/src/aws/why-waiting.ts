import { formatDuration } from '../progress/format.ts';
import type { BatchJob } from './batch-jobs.ts';

const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY/,
    'EC2 has no free instance of the requested types; after bakeoff.capacityTimeoutMinutes, trainings move from Spot to on-demand',
  ],
  [
    /COMPUTE_ENVIRONMENT_MAX_RESOURCE/,
    'the compute environment has fewer vCPUs than one job needs: raise bakeoff.maxGpuVcpus or maxFargateVcpus',
  ],
  [/JOB_RESOURCE_REQUIREMENT/, 'no instance type of the deployment has what the job asks for'],
  [/SERVICE_ROLE_PERMISSIONS/, 'Batch’s service role lacks permissions in this account'],
  [
    /EC2_INSTANCE_CONFIGURATION_UNSUPPORTED/,
    'these zones do not have the instance types: change bakeoff.gpuInstanceFamilies',
  ],
  [/ACTION_REQUIRED/, 'the compute environment is not valid; the Batch console says why'],
  [/UNDETERMINED/, 'Batch does not know why; the time limit of the job ends the wait'],
  [/MISCONFIGURATION/, 'the compute environment cannot start instances'],
  [
    /VcpuLimitExceeded|MaxSpotInstanceCountExceeded|limit/i,
    'the account’s quota for G instances is used up; docs/aws.md says how to raise it',
  ],
];

/** How long a job has been waiting, and why. */
export function describeWait(job: Pick<BatchJob, 'status' | 'statusReason' | 'createdAt'>, nowMs: number): string {
  return `${whyWaiting(job)}; ${formatDuration(Math.max(0, nowMs - job.createdAt))} so far`;
}

/** Why a job is not running yet, in words. */
export function whyWaiting({ status, statusReason }: Pick<BatchJob, 'status' | 'statusReason'>): string {
  if (statusReason !== undefined && statusReason !== '') {
    const meaning = MEANINGS.find(([pattern]) => pattern.test(statusReason))?.[1];
    return meaning === undefined ? statusReason : `${meaning} (${statusReason})`;
  }
  if (status === 'RUNNABLE')
    return 'for an instance to start, which takes a few minutes because none runs while there is no work';
  if (status === 'STARTING') return 'for its image to be pulled';
  return 'for Batch to place it';
}
