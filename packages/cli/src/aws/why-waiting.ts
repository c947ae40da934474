import type { BatchJob } from './batch-jobs.ts';

const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY/,
    'EC2 has no free instance of the requested types; after the capacity timeout, a Spot training moves to on-demand',
  ],
  [
    /COMPUTE_ENVIRONMENT_MAX_RESOURCE/,
    'the compute environment’s vCPUs are all in use or too few: raise bakeoff.maxGpuVcpus',
  ],
  [/JOB_RESOURCE_REQUIREMENT/, 'no instance type of the deployment has what the job asks for'],
  [/MISCONFIGURATION/, 'the compute environment cannot start instances'],
  [
    /VcpuLimitExceeded|MaxSpotInstanceCountExceeded|limit/i,
    'the account’s quota for G instances is used up; docs/aws.md says how to raise it',
  ],
];

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
