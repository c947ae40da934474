import type { TrainingMeasurement } from '@bakeoff/core';
import type { InstanceMetadata } from './instance-metadata.ts';

export type BatchHost = NonNullable<TrainingMeasurement['host']>;

const TIMEOUT_MS = 2000;
const ATTEMPTS = 3;

/** The machine and the attempt of an AWS Batch job, for its measurements; undefined anywhere else. */
export async function readBatchHost(
  environment: NodeJS.ProcessEnv,
  metadata: InstanceMetadata,
  startupSeconds: number,
): Promise<BatchHost | undefined> {
  const batchJobId = environment['AWS_BATCH_JOB_ID'];
  if (batchJobId === undefined) return undefined;
  const fargate = await readFargateSize(environment['ECS_CONTAINER_METADATA_URI_V4']);
  // A Fargate task has no metadata of an instance, and does not know whether it is on Spot: the state machine says so.
  const [instanceType, lifeCycle] =
    fargate === undefined
      ? await Promise.all([metadata.read('instance-type'), metadata.read('instance-life-cycle')])
      : [undefined, environment['BAKEOFF_PURCHASE']];
  const batchAttempt = Number(environment['AWS_BATCH_JOB_ATTEMPT']);
  return {
    batchJobId,
    startupSeconds,
    ...(Number.isInteger(batchAttempt) ? { batchAttempt } : {}),
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(fargate === undefined ? {} : { fargate }),
    ...(lifeCycle === 'spot' || lifeCycle === 'on-demand' ? { purchase: lifeCycle } : {}),
  };
}

/**
 * The size of this Fargate task by ECS's metadata; undefined on an instance or if the service does not answer.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
 */
async function readFargateSize(endpoint: string | undefined): Promise<BatchHost['fargate']> {
  if (endpoint === undefined) return undefined;
  // A task that has just started can be too busy to answer in time.
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const response = await fetch(`${endpoint}/task`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      return sizeIn((await response.json()) as TaskMetadata);
    } catch {
      // Tried again.
    }
  }
  return undefined;
}

interface TaskMetadata {
  readonly LaunchType?: string;
  readonly Limits?: { readonly CPU?: number; readonly Memory?: number };
}

function sizeIn({ LaunchType, Limits: { CPU: vcpus, Memory: memoryMib } = {} }: TaskMetadata): BatchHost['fargate'] {
  return LaunchType === 'FARGATE' && vcpus !== undefined && memoryMib !== undefined ? { vcpus, memoryMib } : undefined;
}
