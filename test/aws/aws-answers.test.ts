import {
  BatchClient,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  ListJobsCommand,
} from '@aws-sdk/client-batch';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateScheduleCommand, SchedulerClient, ValidationException } from '@aws-sdk/client-scheduler';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { UserError } from '@bakeoff/core';
import { mockClient } from '../support/mock-client.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { BatchJobs } from '../../packages/cli/src/aws/batch-jobs.ts';
import { findDeployment, type Deployment } from '../../packages/cli/src/aws/deployment.ts';
import { createExecutionId, Executions } from '../../packages/cli/src/aws/executions.ts';
import { JobLogs } from '../../packages/cli/src/aws/job-logs.ts';
import { requireReady } from '../../packages/cli/src/aws/require-ready.ts';
import { Schedules } from '../../packages/cli/src/aws/schedules.ts';
import { executionExitCode, waitForExecution } from '../../packages/cli/src/aws/wait-for-execution.ts';
import { whyWaiting } from '../../packages/cli/src/aws/why-waiting.ts';

/** Answers that moto does not give: refusals, quotas, pages, reasons for waiting. */
const batch = mockClient(BatchClient);
const cloudFormation = mockClient(CloudFormationClient);
const ecr = mockClient(ECRClient);
const logs = mockClient(CloudWatchLogsClient);
const scheduler = mockClient(SchedulerClient);
const sfn = mockClient(SFNClient);
/** The mock's types are for another version of the SDK. */
const command = (made: unknown): never => made as never;
const answer = (given: object): never => given as never;

const deployment: Deployment = {
  stackName: 'Bakeoff',
  region: 'us-east-1',
  storeUrl: 's3://bucket',
  stateMachineArn: 'arn:aws:states:us-east-1:1:stateMachine:m',
  queueArns: ['spot', 'on-demand', 'fargate'],
  computes: ['gpu', 'cpu'],
  scheduleGroup: 'Bakeoff',
  scheduleRoleArn: 'arn:aws:iam::1:role/r',
  repositories: ['1.dkr.ecr.us-east-1.amazonaws.com/cpu', '1.dkr.ecr.us-east-1.amazonaws.com/gpu'],
  imageTag: 'a1b2c3',
};

function awsError(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

beforeEach(() => {
  process.env['AWS_REGION'] = 'us-east-1';
  for (const mock of [batch, cloudFormation, ecr, logs, scheduler, sfn]) mock.reset();
});

describe('an AWS error', () => {
  it.each([
    [
      'denied access',
      awsError('AccessDeniedException', 'User is not authorized to perform: states:StartExecution', 403),
      /access is denied[\s\S]*not authorized to perform: states:StartExecution[\s\S]*docs\/aws\.md/,
    ],
    [
      'a used-up quota',
      awsError('ServiceQuotaExceededException', 'limit of executions'),
      /quota of the account is used up[\s\S]*Service Quotas/,
    ],
    [
      'expired credentials',
      awsError('ExpiredTokenException', 'The security token included in the request is expired'),
      /credentials have expired[\s\S]*aws sso login/,
    ],
    [
      'credentials that do not exist',
      awsError('UnrecognizedClientException', 'The security token included in the request is invalid', 403),
      /credentials are not valid/,
    ],
    [
      'too many requests',
      awsError('ThrottlingException', 'Rate exceeded', 429),
      /AWS still limits the rate of requests[\s\S]*try again/,
    ],
    ['a failing service', awsError('InternalFailure', 'internal', 503), /AWS still fails[\s\S]*try again later/],
  ])('for %s is reported in one message', async (_, error, said) => {
    sfn.on(command(StartExecutionCommand)).rejects(error);
    const started = new Executions(deployment).start('e', 'plans/p');
    await expect(started).rejects.toThrow(UserError);
    await expect(started).rejects.toThrow(said);
  });

  it('for anything else stays unchanged', async () => {
    sfn.on(command(StartExecutionCommand)).rejects(awsError('SomethingNew', 'surprise'));
    await expect(new Executions(deployment).start('e', 'plans/p')).rejects.toThrow(
      expect.objectContaining({ name: 'SomethingNew' }) as Error,
    );
  });

  it('an invalid schedule is reported with what is accepted', async () => {
    scheduler.on(command(CreateScheduleCommand)).rejects(
      new ValidationException({
        message: 'Invalid Schedule Expression cron(daily).',
        Message: 'Invalid Schedule Expression cron(daily).',
        $metadata: {},
      }),
    );
    await expect(
      new Schedules(deployment).create({ scheduleId: 's', expression: 'cron(daily)', timeZone: 'UTC' }),
    ).rejects.toThrow(/does not accept this schedule[\s\S]*cron\(daily\)[\s\S]*six fields/);
  });

  it('a schedule ends when asked to, and keeps what could not be started', async () => {
    scheduler.on(command(CreateScheduleCommand)).resolves(answer({}));
    const until = new Date('2027-01-31T12:00:00Z');
    await new Schedules({ ...deployment, missedSchedulesArn: 'arn:aws:sqs:us-east-1:1:missed' }).create({
      scheduleId: 's',
      expression: 'rate(7 days)',
      timeZone: 'UTC',
      until,
    });
    expect(scheduler.commandCalls(command(CreateScheduleCommand))[0]?.args[0].input).toMatchObject({
      EndDate: until,
      Target: { DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:1:missed' } },
    });
  });

  it('an incomplete stack is not a deployment', async () => {
    cloudFormation
      .on(command(DescribeStacksCommand))
      .resolves(answer({ Stacks: [{ StackName: 'Bakeoff', StackStatus: 'ROLLBACK_COMPLETE' }] }));
    await expect(findDeployment('Bakeoff')).rejects.toThrow(
      /is not a complete deployment[\s\S]*ROLLBACK_COMPLETE[\s\S]*StoreUrl/,
    );
  });
});

const container = (stream: string) => ({
  logStreamName: stream,
  logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'group' } },
});

const queues = (status: string) =>
  deployment.queueArns.map((name) => ({
    jobQueueName: name,
    state: 'ENABLED',
    status,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: `environment-of-${name}` }],
  }));

/** What AWS says about a deployment. */
const answers = ({ queue = 'VALID', environment = 'VALID' } = {}): void => {
  batch.on(command(DescribeJobQueuesCommand)).resolves(answer({ jobQueues: queues(queue) }));
  batch.on(command(DescribeComputeEnvironmentsCommand)).resolves(
    answer({
      computeEnvironments: [
        { computeEnvironmentName: 'spot', state: 'ENABLED', status: environment, statusReason: 'CLIENT_ERROR - x' },
      ],
    }),
  );
  ecr.on(command(DescribeImagesCommand)).resolves(answer({ imageDetails: [{}] }));
};

describe('a deployment', () => {
  it('with its images, queues and environments is ready', async () => {
    answers();
    await expect(requireReady(deployment)).resolves.toBeUndefined();
  });

  it('without the images of its commit is not', async () => {
    answers();
    ecr
      .on(command(DescribeImagesCommand), { repositoryName: 'gpu', imageIds: [{ imageTag: 'a1b2c3' }] })
      .rejects(awsError('ImageNotFoundException', 'The image does not exist'));
    await expect(requireReady(deployment)).rejects.toThrow(/no tag a1b2c3 in gpu[\s\S]*push-images\.sh Bakeoff/);
  });

  it('of an earlier version has to be deployed again', async () => {
    answers();
    await expect(requireReady({ ...deployment, imageTag: undefined })).rejects.toThrow(
      /earlier version[\s\S]*bakeoff deploy/,
    );
  });

  it.each([
    ['queue', { queue: 'INVALID' }, /queue spot is ENABLED, INVALID/],
    ['compute environment', { environment: 'INVALID' }, /environment spot is ENABLED, INVALID: CLIENT_ERROR - x/],
  ])('with an invalid %s is not', async (_, states, said) => {
    answers(states);
    await expect(requireReady(deployment)).rejects.toThrow(said);
  });
});

describe('jobs', () => {
  it('are found on all pages of all queues, and described a hundred at a time', async () => {
    batch
      .on(command(ListJobsCommand), { jobQueue: 'spot' })
      .resolves(
        answer({ jobSummaryList: Array.from({ length: 100 }, (_, i) => ({ jobId: `a${i}` })), nextToken: 'more' }),
      );
    batch
      .on(command(ListJobsCommand), { jobQueue: 'spot', nextToken: 'more' })
      .resolves(answer({ jobSummaryList: [{ jobId: 'last' }] }));
    batch.on(command(ListJobsCommand), { jobQueue: 'on-demand' }).resolves(answer({ jobSummaryList: [] }));
    batch.on(command(ListJobsCommand), { jobQueue: 'fargate' }).resolves(answer({}));
    batch.on(command(DescribeJobsCommand)).callsFake((input: unknown) => ({
      jobs: (input as { jobs: string[] }).jobs.map((jobId) => ({
        jobId,
        jobName: `train-${jobId}`,
        status: 'RUNNING',
        createdAt: jobId === 'last' ? 1 : 2,
        parameters: { planId: 'e' },
      })),
    }));
    const found = await new BatchJobs(deployment).named('train-');
    expect(found).toHaveLength(101);
    expect(found[0]).toMatchObject({ jobId: 'last', executionId: 'e', attempts: 1 });
    expect(batch.commandCalls(command(DescribeJobsCommand))).toHaveLength(2);
  });

  it('count finished attempts and the current one, and name the log of each', async () => {
    batch.on(command(DescribeJobsCommand)).resolves(
      answer({
        jobs: [
          {
            jobId: 'j',
            jobName: 'train-r',
            status: 'RUNNING',
            attempts: [{ stoppedAt: 5, container: { logStreamName: 'first' } }],
            container: container('second'),
          },
        ],
      }),
    );
    const [job] = await new BatchJobs(deployment).describe(['j']);
    expect(job).toMatchObject({
      attempts: 2,
      logs: [
        { group: 'group', stream: 'first', attempt: 1 },
        { group: 'group', stream: 'second', attempt: 2 },
      ],
    });
  });

  it.each([
    [
      'RUNNABLE',
      'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested',
      /no free instance of the requested types/,
    ],
    ['RUNNABLE', 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - …', /maxGpuVcpus/],
    ['RUNNABLE', 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - …', /no instance type/],
    ['RUNNABLE', 'You have exceeded your VcpuLimitExceeded', /quota for G instances/],
    ['RUNNABLE', 'something AWS says next year', /^something AWS says next year$/],
    ['RUNNABLE', undefined, /instance to start/],
    ['RUNNABLE', 'UNDETERMINED - Batch job is blocked, root cause is undetermined.', /does not know why/],
    ['RUNNABLE', 'ACTION_REQUIRED - CE(s) associated with the job queue are invalid.', /not valid/],
    ['STARTING', undefined, /image/],
  ] as const)('that wait in %s say why (%s)', (status, statusReason, said) => {
    expect(whyWaiting({ status, statusReason })).toMatch(said);
  });
});

const page = (nextToken: string | undefined, message: string | undefined, nextForwardToken: string): void =>
  void logs
    .on(command(GetLogEventsCommand), { logGroupName: 'g', logStreamName: 's', startFromHead: true, nextToken })
    .resolves(answer({ events: message === undefined ? [] : [{ message }], nextForwardToken }));

describe('logs', () => {
  it('are read page by page until the token repeats, and continue from there', async () => {
    page(undefined, 'one', 'a');
    page('a', 'two', 'b');
    page('b', undefined, 'b');
    const reader = new JobLogs();
    expect(await reader.read({ group: 'g', stream: 's', attempt: 1 }, undefined)).toEqual({
      lines: ['one', 'two'],
      token: 'b',
    });
    page('b', 'three', 'c');
    page('c', undefined, 'c');
    expect(await reader.read({ group: 'g', stream: 's', attempt: 1 }, 'b')).toEqual({ lines: ['three'], token: 'c' });
  });

  it('are empty if the job has not written any yet', async () => {
    logs
      .on(command(GetLogEventsCommand))
      .rejects(awsError('ResourceNotFoundException', 'The specified log stream does not exist.'));
    expect(await new JobLogs().read({ group: 'g', stream: 's', attempt: 1 }, undefined)).toEqual({
      lines: [],
      token: undefined,
    });
  });
});

describe('waiting for an execution', () => {
  it('looks until it has ended', async () => {
    const { signal } = new AbortController();
    sfn
      .on(command(DescribeExecutionCommand))
      .resolvesOnce(answer({ name: 'e', status: 'RUNNING' }))
      .resolves(answer({ name: 'e', status: 'SUCCEEDED' }));
    const ended = await waitForExecution(new Executions(deployment), 'e', { signal, intervalMs: 1 });
    expect(ended.status).toBe('SUCCEEDED');
    expect(sfn.commandCalls(command(DescribeExecutionCommand))).toHaveLength(2);
  });

  it('stops looking when it is interrupted', async () => {
    sfn.on(command(DescribeExecutionCommand)).resolves(answer({ name: 'e', status: 'RUNNING' }));
    const waiting = waitForExecution(new Executions(deployment), 'e', { signal: AbortSignal.timeout(20) });
    await expect(waiting).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
  });

  it.each([
    ['SUCCEEDED', 0, 0],
    ['SUCCEEDED', 1, 1],
    ['FAILED', 0, 1],
    ['TIMED_OUT', 3, 1],
    ['ABORTED', 3, 75],
  ] as const)('%s with %i runs left has the exit code %i', (status, left, code) => {
    expect(executionExitCode({ status }, left)).toBe(code);
  });
});

describe('execution ids', () => {
  it('fit into 80 characters that Step Functions allows, and differ within a second', () => {
    const clock = { nowMs: () => Date.UTC(2026, 0, 31, 12), elapsedMs: () => 0 };
    const ids = Array.from({ length: 5 }, () => createExecutionId('a.long_manifest-name'.repeat(5), clock));
    for (const id of ids) expect(id).toMatch(/^[a-z0-9_-]{55}-20260131T120000Z-[0-9a-f]{4}$/);
    expect(new Set(ids).size).toBeGreaterThan(1);
    expect(Math.max(...ids.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});
