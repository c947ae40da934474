import type { TrainingMeasurement } from '@bakeoff/core';
import type { InstanceMetadata } from './instance-metadata.ts';

export type BatchHost = NonNullable<TrainingMeasurement['host']>;

/** The machine and the attempt of an AWS Batch job, for its measurements; undefined anywhere else. */
export async function readBatchHost(
  environment: NodeJS.ProcessEnv,
  metadata: InstanceMetadata,
  startupSeconds: number,
): Promise<BatchHost | undefined> {
  const batchJobId = environment['AWS_BATCH_JOB_ID'];
  if (batchJobId === undefined) return undefined;
  const [instanceType, lifeCycle] = await Promise.all([
    metadata.read('instance-type'),
    metadata.read('instance-life-cycle'),
  ]);
  const batchAttempt = Number(environment['AWS_BATCH_JOB_ATTEMPT']);
  return {
    batchJobId,
    startupSeconds,
    ...(Number.isInteger(batchAttempt) ? { batchAttempt } : {}),
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(lifeCycle === 'spot' || lifeCycle === 'on-demand' ? { purchase: lifeCycle } : {}),
  };
}
