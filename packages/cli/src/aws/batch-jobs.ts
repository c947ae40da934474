import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  type JobStatus,
  ListJobsCommand,
} from '@aws-sdk/client-batch';
import type { Deployment } from './deployment.ts';
import { callAws } from './explain-aws-error.ts';

/** DescribeJobs takes at most this many ids. */
const DESCRIBED_AT_ONCE = 100;
const ACTIVE: readonly JobStatus[] = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'];

/** Where CloudWatch Logs keeps one attempt's log. */
export interface LogStream {
  readonly group: string;
  readonly stream: string;
  /** Counted from 1. */
  readonly attempt: number;
}

export interface BatchJob {
  readonly jobId: string;
  /** See core's `jobName`. */
  readonly name: string;
  readonly status: JobStatus;
  readonly statusReason?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly executionId?: string;
  /** Attempts that have begun. */
  readonly attempts: number;
  readonly logs: readonly LogStream[];
}

/** The jobs in a deployment's queues. Batch keeps ended ones for at least seven days. */
export class BatchJobs {
  private readonly client = new BatchClient({});

  constructor(private readonly deployment: Deployment) {}

  /** Jobs of an execution that have not ended: at most as many as run at a time. */
  async active(executionId: string): Promise<BatchJob[]> {
    const ids: string[] = [];
    for (const jobQueue of this.deployment.queueArns) {
      for (const jobStatus of ACTIVE) ids.push(...(await this.list({ jobQueue, jobStatus })));
    }
    return (await this.describe(ids)).filter((job) => job.executionId === executionId);
  }

  /** Jobs whose names begin with a prefix, in any state; the oldest first. */
  async named(prefix: string): Promise<BatchJob[]> {
    const ids: string[] = [];
    for (const jobQueue of this.deployment.queueArns)
      ids.push(...(await this.list({ jobQueue, filters: [{ name: 'JOB_NAME', values: [`${prefix}*`] }] })));
    return (await this.describe(ids)).sort((a, b) => a.createdAt - b.createdAt);
  }

  async describe(ids: readonly string[]): Promise<BatchJob[]> {
    const found: BatchJob[] = [];
    for (let from = 0; from < ids.length; from += DESCRIBED_AT_ONCE) {
      const { jobs = [] } = await callAws('look up jobs', () =>
        this.client.send(new DescribeJobsCommand({ jobs: ids.slice(from, from + DESCRIBED_AT_ONCE) })),
      );
      found.push(...jobs.map(jobOf));
    }
    return found;
  }

  private async list(query: {
    jobQueue: string;
    jobStatus?: JobStatus;
    filters?: { name: string; values: string[] }[];
  }): Promise<string[]> {
    const ids: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await callAws('list jobs', () => this.client.send(new ListJobsCommand({ ...query, nextToken })));
      ids.push(...(page.jobSummaryList ?? []).flatMap(({ jobId }) => jobId ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return ids;
  }
}

function jobOf({
  jobId = '',
  jobName = '',
  status = 'SUBMITTED',
  statusReason,
  createdAt = 0,
  startedAt,
  parameters,
  attempts = [],
  container,
}: JobDetail): BatchJob {
  const group = container?.logConfiguration?.options?.['awslogs-group'];
  const streams = attempts.flatMap(({ container: each }) => each?.logStreamName ?? []);
  if (container?.logStreamName !== undefined && !streams.includes(container.logStreamName))
    streams.push(container.logStreamName);
  return {
    jobId,
    name: jobName,
    status,
    statusReason,
    createdAt,
    startedAt,
    executionId: parameters?.['planId'],
    attempts: attempts.filter(({ stoppedAt }) => stoppedAt !== undefined).length + (status === 'RUNNING' ? 1 : 0),
    logs: group === undefined ? [] : streams.map((stream, i) => ({ group, stream, attempt: i + 1 })),
  };
}
