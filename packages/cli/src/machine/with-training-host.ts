import type { StageContext } from '@bakeoff/core';
import { type BatchHost, readBatchHost } from './batch-host.ts';
import { InstanceMetadata } from './instance-metadata.ts';
import { watchForSpotNotice } from './spot-notice.ts';

/** What a training needs to know about where it runs. */
export interface TrainingHost {
  /** Present only on AWS Batch. */
  readonly host?: BatchHost;
  /** The stage's own signal, and on a Spot instance also EC2's notice. */
  readonly signal: AbortSignal;
}

/**
 * Runs a training on AWS Batch with a description of its machine and, on a Spot instance, a watch for the notice.
 * Elsewhere it adds nothing; Fargate announces an interruption by SIGTERM.
 */
export async function withTrainingHost<T>(
  { signal, log }: Pick<StageContext, 'signal' | 'log'>,
  train: (host: TrainingHost) => Promise<T>,
): Promise<T> {
  const metadata = new InstanceMetadata(process.env);
  const host = await readBatchHost(process.env, metadata, process.uptime());
  if (host?.purchase !== 'spot' || host.fargate !== undefined) return train({ host, signal });
  const watch = watchForSpotNotice(metadata, log);
  try {
    return await train({ host, signal: AbortSignal.any([signal, watch.signal]) });
  } finally {
    watch.stop();
  }
}
