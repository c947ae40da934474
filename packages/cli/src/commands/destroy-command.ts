import type { Stack } from '@aws-sdk/client-cloudformation';
import { UserError } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { BucketRemover } from '@bakeoff/core/s3';
import { ask } from '../aws/confirm.ts';
import { destroyStack } from '../aws/deploy/destroy-stack.ts';
import { type Deployment, findDeployment, findStack, outputOf } from '../aws/deployment.ts';
import { Executions } from '../aws/executions.ts';
import { Schedules } from '../aws/schedules.ts';
import type { AwsOptions } from './aws-options.ts';
import type { CommandContext } from './command-context.ts';

export interface DestroyOptions extends AwsOptions {
  readonly withResults?: boolean;
  /** The stack's name, in place of an answer on the terminal. */
  readonly confirm?: string;
}

/** `bakeoff destroy`: deletes the stack; the buckets with results and access logs only if told so. */
export async function destroyCommand(
  { stack: stackName, withResults = false, confirm }: DestroyOptions,
  context: CommandContext,
): Promise<number> {
  const { output, signal } = context;
  const line = (text: string): void => void output.write(`${text}\n`);
  const { stack, region } = await findStack(stackName);
  if (stack === undefined)
    throw new UserError({
      what: `there is no stack ${stackName} in ${region}`,
      received: `--stack ${stackName}, region ${region}`,
      fix: 'name another stack with --stack, or set AWS_REGION to its region',
    });
  // A stack whose creation failed has no outputs, and nothing runs in it.
  const deployment = outputOf(stack, 'StoreUrl') === undefined ? undefined : await findDeployment(stackName);
  const remover = new BucketRemover({
    endpoint: process.env['AWS_ENDPOINT_URL_S3'] || process.env['AWS_ENDPOINT_URL'] || undefined,
  });
  const buckets = deployment === undefined ? [] : await bucketsOf(deployment, remover);
  const running = deployment === undefined ? [] : await runningIn(deployment);
  for (const text of await consequences(stackName, { region, deployment, running, buckets, withResults })) line(text);
  await requireName(stackName, confirm, context);
  for (const executionId of running) await new Executions(deployment!).stop(executionId);
  line(`deleting ${stackName}, which takes a few minutes`);
  await destroyStack(stack satisfies Stack, { signal });
  line(`deleted ${stackName}`);
  if (withResults)
    for (const bucket of buckets) line(`deleted ${bucket} with ${await remover.remove(bucket)} versions of objects`);
  else if (buckets.length > 0) line(`kept ${buckets.join(' and ')}`);
  return ExitCode.done;
}

/** The store, and where its access logs are. */
async function bucketsOf({ storeUrl }: Deployment, remover: BucketRemover): Promise<string[]> {
  const logs = await remover.accessLogsOf(storeUrl);
  return [storeUrl, ...(logs === undefined ? [] : [logs])];
}

async function runningIn(deployment: Deployment): Promise<string[]> {
  const newest = await new Executions(deployment).newest(1000);
  return newest.filter(({ status }) => status === 'RUNNING').map(({ executionId }) => executionId);
}

async function consequences(
  stackName: string,
  {
    region,
    deployment,
    running,
    buckets,
    withResults,
  }: {
    readonly region: string;
    readonly deployment: Deployment | undefined;
    readonly running: readonly string[];
    readonly buckets: readonly string[];
    readonly withResults: boolean;
  },
): Promise<string[]> {
  const schedules = deployment === undefined ? [] : await new Schedules(deployment).list();
  return [
    `This deletes the stack ${stackName} in ${region}: queues, images, logs, schedules, roles and network.`,
    ...(running.length > 0 ? [`It stops ${running.join(', ')}.`] : []),
    ...(schedules.length > 0
      ? [`It ends the schedules ${schedules.map(({ scheduleId }) => scheduleId).join(', ')}.`]
      : []),
    ...(buckets.length === 0
      ? []
      : withResults
        ? [`It deletes all results for good, with ${buckets.join(' and ')}.`]
        : [`Results stay in ${buckets.join(' and ')}; --with-results deletes them too.`]),
  ];
}

async function requireName(stackName: string, given: string | undefined, context: CommandContext): Promise<void> {
  const name =
    given ??
    (await ask(`To confirm, type the name of the stack (${stackName}):`, {
      ...context,
      fix: `add --confirm ${stackName}`,
    }));
  if (name === stackName) return;
  throw new UserError({
    what: 'nothing was deleted: that is not the name of the stack',
    received: name,
    allowed: stackName,
  });
}
