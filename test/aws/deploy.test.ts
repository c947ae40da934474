import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BatchClient, DescribeComputeEnvironmentsCommand, DescribeJobQueuesCommand } from '@aws-sdk/client-batch';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketLoggingCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from '../support/mock-client.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examineAccount } from '../../packages/cli/src/aws/deploy/account-checks.ts';
import type { Check } from '../../packages/cli/src/aws/deploy/check.ts';
import { deployStack } from '../../packages/cli/src/aws/deploy/deploy-stack.ts';
import { destroyStack } from '../../packages/cli/src/aws/deploy/destroy-stack.ts';
import { IDLE_DOLLARS_PER_MONTH } from '../../packages/cli/src/aws/deploy/idle-cost.ts';
import { examineAwsCli, examineMachine, examineNode } from '../../packages/cli/src/aws/deploy/machine-checks.ts';
import type { CommandContext } from '../../packages/cli/src/commands/command-context.ts';
import { destroyCommand } from '../../packages/cli/src/commands/destroy-command.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const batch = mockClient(BatchClient);
const cloudFormation = mockClient(CloudFormationClient);
const ecr = mockClient(ECRClient);
const s3 = mockClient(S3Client);
const scheduler = mockClient(SchedulerClient);
const serviceQuotas = mockClient(ServiceQuotasClient);
const sfn = mockClient(SFNClient);
/** The mock's types are for another version of the SDK. */
const command = (made: unknown): never => made as never;
const answer = (given: object): never => given as never;

let folder: string;
const { signal } = new AbortController();
const path = process.env['PATH'];

const noStack = Object.assign(new Error('Stack with id Bakeoff does not exist'), { name: 'ValidationError' });
const outputs = {
  StoreUrl: 's3://results',
  StateMachineArn: 'arn:aws:states:us-east-1:1:stateMachine:m',
  FargateQueueArn: 'fargate',
  FargateSpotQueueArn: 'fargate-spot',
  ScheduleGroup: 'Bakeoff',
  ScheduleRoleArn: 'role',
  CpuRepository: 'registry/cpu',
  ImageTag: 'a1b2c3',
};
const stackOf = (StackName: string, StackStatus: string, given: Record<string, string> = {}) => ({
  StackName,
  StackId: `arn:${StackName}`,
  StackStatus,
  Outputs: Object.entries(given).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
});
const stacks = (...found: { StackName: string }[]): void => {
  cloudFormation.on(command(DescribeStacksCommand)).rejects(noStack);
  for (const stack of found)
    cloudFormation
      .on(command(DescribeStacksCommand), { StackName: stack.StackName })
      .resolves(answer({ Stacks: [stack] }));
};
const bootstrapped = stackOf('CDKToolkit', 'UPDATE_COMPLETE', { BootstrapVersion: '30' });

beforeEach(async () => {
  process.env['AWS_REGION'] = 'us-east-1';
  for (const mock of [batch, cloudFormation, ecr, s3, scheduler, serviceQuotas, sfn]) mock.reset();
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-deploy-'));
  for (const name of ['bin', 'clone/infra']) await mkdir(join(folder, name), { recursive: true });
  const programs = {
    aws: 'echo aws-cli/2.1.0 Python',
    docker: `echo '{"NCPU":4,"MemTotal":8589934592,"Runtimes":{}}'`,
    npx: `echo "$*" >> ${folder}/calls`,
  };
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, 'bin', name), `#!/bin/bash\n${script}\n`);
    await chmod(join(folder, 'bin', name), 0o755);
  }
  process.env['PATH'] = `${folder}/bin:${path}`;
  await writeFile(join(folder, 'clone/cdk.json'), '{}');
  await writeFile(join(folder, 'clone/infra/push-images.sh'), `echo "push $*" >> ${folder}/calls\n`);
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=n', '-c', 'user.email=e', ...args], { cwd: join(folder, 'clone') });
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-qm', 'first');
});
afterEach(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true, force: true });
});

const deploy = () =>
  deployStack(
    { stackName: 'Bakeoff', settings: ['compute=cpu'], isSilent: true, folder: join(folder, 'clone'), signal },
    () => undefined,
  );
const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');

const named = (checks: readonly Check[], name: string): Check | undefined =>
  checks.find((check) => check.name === name);

describe('the machine that deploys', () => {
  it('has Node, a clone without changes, Docker and the AWS CLI', async () => {
    const checks = await examineMachine(join(folder, 'clone'));
    expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Node ok',
      'clone ok',
      'Docker ok',
      'AWS CLI ok',
    ]);
  });

  it('is told of uncommitted changes, by the files’ names', async () => {
    await writeFile(join(folder, 'clone/cdk.json'), '{ }');
    expect(named(await examineMachine(join(folder, 'clone')), 'clone')).toMatchObject({
      state: 'problem',
      found: 'uncommitted changes: cdk.json',
      fix: expect.stringContaining('commit or stash') as string,
    });
  });

  it('is told if this is not a clone, or a program does not answer', async () => {
    for (const name of ['aws', 'docker']) await writeFile(join(folder, 'bin', name), '#!/bin/bash\nexit 1\n');
    const checks = await examineMachine(folder);
    expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Node ok',
      'clone problem',
      'Docker problem',
      'AWS CLI problem',
    ]);
  });

  it('is warned, but not kept from deploying, by an AWS CLI that is slow to answer', async () => {
    const program = join(folder, 'bin/aws');
    await writeFile(program, '#!/bin/bash\nexec sleep 5\n');
    expect(await examineAwsCli(20)).toMatchObject({
      state: 'warning',
      found: 'aws did not answer within 0.02 seconds',
    });
    await writeFile(program, '#!/bin/bash\necho "aws: no such module" >&2\nexit 1\n');
    expect(await examineAwsCli()).toMatchObject({
      state: 'problem',
      found: 'aws --version fails: aws: no such module',
    });
    await rm(program);
    process.env['PATH'] = join(folder, 'bin');
    expect(await examineAwsCli()).toMatchObject({ state: 'problem', found: 'aws is not installed' });
  });

  it('needs the Node that package.json names', async () => {
    const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
    const least = engines.node.replace('>=', '');
    const [major, minor] = least.split('.').map(Number);
    expect(examineNode(`${least}.0`).state).toBe('ok');
    expect(examineNode(`${major}.${minor! - 1}.9`)).toMatchObject({
      state: 'problem',
      fix: `install Node ${least} or newer`,
    });
  });
});

describe('the account', () => {
  it('is asked for credentials first, and for nothing else without them', async () => {
    cloudFormation
      .on(command(DescribeStacksCommand))
      .rejects(Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' }));
    expect(await examineAccount('Bakeoff')).toMatchObject([
      { name: 'credentials', state: 'problem', fix: expect.stringContaining('aws sso login') as string },
    ]);
  });

  it('needs CDK’s bootstrap, and a stack that can change', async () => {
    stacks();
    const fresh = await examineAccount('Bakeoff');
    expect(named(fresh, 'bootstrap')).toMatchObject({ state: 'problem', fix: 'npx cdk bootstrap' });
    expect(named(fresh, 'stack')).toMatchObject({ state: 'ok', found: 'Bakeoff is not deployed yet' });
    stacks(bootstrapped, stackOf('Bakeoff', 'ROLLBACK_COMPLETE'));
    const broken = await examineAccount('Bakeoff');
    expect(named(broken, 'bootstrap')).toMatchObject({ state: 'ok', found: 'version 30' });
    expect(named(broken, 'stack')).toMatchObject({
      state: 'problem',
      fix: expect.stringContaining('bakeoff destroy') as string,
    });
    stacks(bootstrapped, stackOf('Bakeoff', 'UPDATE_IN_PROGRESS'));
    expect(named(await examineAccount('Bakeoff'), 'stack')).toMatchObject({ state: 'problem' });
  });

  it('is warned of quotas that let no job start, and of those that cannot be read', async () => {
    stacks(bootstrapped);
    serviceQuotas
      .on(command(GetServiceQuotaCommand), { QuotaCode: 'L-3819A6DF' })
      .resolves(answer({ Quota: { Value: 0 } }))
      .on(command(GetServiceQuotaCommand), { QuotaCode: 'L-3032A538' })
      .resolves(answer({ Quota: { Value: 6 } }));
    const checks = await examineAccount('Bakeoff');
    expect(named(checks, 'quota L-3819A6DF')).toMatchObject({
      state: 'warning',
      fix: expect.stringContaining('--compute cpu') as string,
    });
    expect(named(checks, 'quota L-3032A538')).toMatchObject({ state: 'ok' });
    expect(named(checks, 'quota L-DB2E81BA')).toMatchObject({
      state: 'warning',
      found: expect.stringContaining('unknown') as string,
    });
  });
});

describe('deploying', () => {
  const deployed = stackOf('Bakeoff', 'CREATE_COMPLETE', outputs);
  const cdk = 'cdk deploy -c stackName=Bakeoff -c bakeoff.compute=cpu --require-approval never';

  beforeEach(() => {
    batch.on(command(DescribeJobQueuesCommand)).resolves(
      answer({
        jobQueues: ['fargate', 'fargate-spot'].map((jobQueueName) => ({
          jobQueueName,
          state: 'ENABLED',
          status: 'VALID',
        })),
      }),
    );
    batch.on(command(DescribeComputeEnvironmentsCommand)).resolves(answer({ computeEnvironments: [] }));
    ecr.on(command(DescribeImagesCommand)).resolves(answer({ imageDetails: [{}] }));
  });

  it('a new stack creates the repositories before it pushes', async () => {
    cloudFormation
      .on(command(DescribeStacksCommand))
      .rejectsOnce(noStack)
      .resolves(answer({ Stacks: [deployed] }));
    expect(await deploy()).toMatchObject({ isNew: true, deployment: { computes: ['cpu'], storeUrl: 's3://results' } });
    expect(await calls()).toEqual([cdk, 'push Bakeoff']);
  });

  it('an existing stack pushes before it deploys, so that its jobs always have their images', async () => {
    stacks(deployed);
    expect(await deploy()).toMatchObject({ isNew: false });
    expect(await calls()).toEqual(['push Bakeoff', cdk]);
  });

  it('an existing stack that got another repository pushes again', async () => {
    stacks(deployed);
    ecr.on(command(DescribeImagesCommand)).rejects(Object.assign(new Error(''), { name: 'ImageNotFoundException' }));
    await deploy();
    expect(await calls()).toEqual(['push Bakeoff', cdk, 'push Bakeoff']);
  });

  it('stops where a program fails, and says which', async () => {
    stacks(deployed);
    await writeFile(join(folder, 'clone/infra/push-images.sh'), 'exit 3\n');
    await expect(deploy()).rejects.toThrow(
      /bash infra\/push-images\.sh Bakeoff failed[^]*exit code 3[^]*same command again/,
    );
    await expect(calls()).rejects.toThrow('ENOENT');
  });
});

describe('destroying', () => {
  const deployed = stackOf('Bakeoff', 'UPDATE_COMPLETE', outputs);
  let printed: string;
  const destroy = (options: { confirm?: string; withResults?: boolean }) => {
    printed = '';
    const output = { write: (text: string) => (printed += text) !== '' };
    return destroyCommand({ stack: 'Bakeoff', ...options }, {
      output,
      messages: output,
      signal,
    } as unknown as CommandContext);
  };

  beforeEach(() => {
    stacks(deployed);
    cloudFormation
      .on(command(DescribeStacksCommand), { StackName: 'arn:Bakeoff' })
      .resolves(answer({ Stacks: [{ ...deployed, StackStatus: 'DELETE_COMPLETE' }] }));
    cloudFormation.on(command(DeleteStackCommand)).resolves(answer({}));
    scheduler.on(command(ListSchedulesCommand)).resolves(answer({ Schedules: [] }));
    sfn.on(command(ListExecutionsCommand)).resolves(
      answer({
        executions: [
          { name: 'going', status: 'RUNNING', startDate: new Date(2) },
          { name: 'over', status: 'SUCCEEDED', startDate: new Date(1) },
        ],
      }),
    );
    sfn.on(command(StopExecutionCommand)).resolves(answer({}));
    s3.on(command(GetBucketLoggingCommand)).resolves(answer({ LoggingEnabled: { TargetBucket: 'access-logs' } }));
  });

  it('needs the name of the stack, and deletes nothing for another one', async () => {
    await expect(destroy({ confirm: 'bakeoff' })).rejects.toThrow(
      /nothing was deleted[^]*received: bakeoff[^]*Bakeoff/,
    );
    await expect(destroy({})).rejects.toThrow(/type the name of the stack[^]*--confirm Bakeoff/);
    expect(cloudFormation.commandCalls(command(DeleteStackCommand))).toHaveLength(0);
    expect(sfn.commandCalls(command(StopExecutionCommand))).toHaveLength(0);
  });

  it('stops what runs, deletes the stack, and keeps both buckets', async () => {
    expect(await destroy({ confirm: 'Bakeoff' })).toBe(0);
    expect(sfn.commandCalls(command(StopExecutionCommand))).toHaveLength(1);
    expect(cloudFormation.commandCalls(command(DeleteStackCommand))).toHaveLength(1);
    expect(s3.commandCalls(command(DeleteObjectsCommand))).toHaveLength(0);
    expect(printed).toMatch(/It stops going\.[^]*Results stay in s3:\/\/results and s3:\/\/access-logs[^]*kept s3:/);
  });

  it('with results, removes every version of every object, page by page, and both buckets', async () => {
    s3.on(command(ListObjectVersionsCommand)).resolves(answer({}));
    s3.on(command(ListObjectVersionsCommand), { Bucket: 'results' })
      .resolvesOnce(answer({ Versions: [{ Key: 'a', VersionId: '1' }], DeleteMarkers: [{ Key: 'a', VersionId: '2' }] }))
      .resolvesOnce(answer({ Versions: [{ Key: 'b', VersionId: '3' }] }))
      .resolves(answer({}));
    s3.on(command(DeleteObjectsCommand)).resolves(answer({}));
    s3.on(command(DeleteBucketCommand)).resolves(answer({}));
    await destroy({ confirm: 'Bakeoff', withResults: true });
    expect(s3.commandCalls(command(DeleteObjectsCommand)).map(({ args }) => args[0].input)).toMatchObject([
      {
        Delete: {
          Objects: [
            { Key: 'a', VersionId: '1' },
            { Key: 'a', VersionId: '2' },
          ],
        },
      },
      { Delete: { Objects: [{ Key: 'b', VersionId: '3' }] } },
    ]);
    expect(s3.commandCalls(command(DeleteBucketCommand)).map(({ args }) => args[0].input)).toEqual([
      { Bucket: 'results' },
      { Bucket: 'access-logs' },
    ]);
    expect(printed).toContain('deleted s3://results with 3 versions of objects');
  });

  it('says which resource could not be deleted', async () => {
    cloudFormation
      .on(command(DescribeStacksCommand), { StackName: 'arn:Bakeoff' })
      .resolves(answer({ Stacks: [{ ...deployed, StackStatus: 'DELETE_FAILED' }] }));
    cloudFormation.on(command(DescribeStackEventsCommand)).resolves(
      answer({
        StackEvents: [
          { LogicalResourceId: 'Bakeoff', ResourceStatus: 'DELETE_FAILED', ResourceStatusReason: 'failed: [Queue]' },
          { LogicalResourceId: 'Queue', ResourceStatus: 'DELETE_FAILED', ResourceStatusReason: 'in use' },
        ],
      }),
    );
    await expect(destroyStack(deployed as never, { signal, intervalMs: 1 })).rejects.toThrow('Queue: in use');
  });
});

describe('the table of idle costs in docs/aws.md', () => {
  it('adds up to what deploy says, below one dollar per month', async () => {
    const docs = await readFile(join(root, 'docs/aws.md'), 'utf8');
    const [, table = ''] = /## What it costs while idle\n([^]*?)\n\n(?!\|)(?!For)/.exec(docs) ?? [];
    const rows = [...table.matchAll(/^\|.*\| (?:<|about)? ?\**(?:about )?\$([\d.]+)\**.*\|$/gm)].map(
      ([row, value]) => ({
        isTotal: row.includes('total'),
        dollars: Number(value),
      }),
    );
    const total = rows.find(({ isTotal }) => isTotal)?.dollars;
    const sum = rows.filter(({ isTotal }) => !isTotal).reduce((all, { dollars }) => all + dollars, 0);
    expect(rows.length).toBeGreaterThan(7);
    expect(total).toBe(IDLE_DOLLARS_PER_MONTH);
    expect(sum).toBeLessThanOrEqual(IDLE_DOLLARS_PER_MONTH + 0.03);
    expect(sum).toBeGreaterThan(IDLE_DOLLARS_PER_MONTH - 0.03);
    expect(IDLE_DOLLARS_PER_MONTH).toBeLessThan(1);
  });
});
