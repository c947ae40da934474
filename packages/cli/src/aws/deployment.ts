import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { type TrainingCompute, UserError } from '@bakeoff/core';
import { callAws } from './explain-aws-error.ts';

/** What commands need to know of a deployed stack: its outputs. */
export interface Deployment {
  readonly stackName: string;
  readonly region: string;
  /** `s3://bucket` */
  readonly storeUrl: string;
  readonly stateMachineArn: string;
  readonly queueArns: readonly string[];
  /** What its trainings can run on, the default first; deployments of earlier versions know GPUs only. */
  readonly computes: readonly TrainingCompute[];
  /** The longest that an attempt at a training may take; undefined in deployments of earlier versions. */
  readonly trainTimeoutHours?: number;
  readonly scheduleGroup: string;
  readonly scheduleRoleArn: string;
  /** The queue for occurrences that could not be started; undefined in deployments of earlier versions. */
  readonly missedSchedulesArn?: string;
  /** URIs of the image repositories. */
  readonly repositories: readonly string[];
  /** Which images jobs run; undefined in deployments of earlier versions. */
  readonly imageTag?: string;
}

const DEPLOY =
  'deploy it: bakeoff deploy (docs/aws.md), name another stack with --stack, or set AWS_REGION to its region';

/**
 * Finds a deployment by the name of its stack.
 * @throws UserError if this account and region have no stack of that name, or the stack is incomplete
 */
export async function findDeployment(stackName: string): Promise<Deployment> {
  const { stack, region } = await findStack(stackName);
  if (stack === undefined)
    throw new UserError({
      what: `there is no stack ${stackName} in ${region}`,
      received: `--stack ${stackName}, region ${region}`,
      fix: DEPLOY,
    });
  const optional = (name: string): string | undefined => outputOf(stack, name);
  const output = (name: string): string => {
    const value = optional(name);
    if (value === undefined)
      throw new UserError({
        what: `stack ${stackName} in ${region} is not a complete deployment of Bakeoff`,
        received: `${stack.StackStatus ?? 'no status'}, without the output ${name}`,
        fix: DEPLOY,
      });
    return value;
  };
  const present = (...names: string[]): string[] => names.flatMap((name) => optional(name) ?? []);
  const gpuQueues = present('SpotQueueArn', 'OnDemandQueueArn');
  const fargateSpotQueues = present('FargateSpotQueueArn');
  const hours = optional('TrainTimeoutHours');
  return {
    stackName,
    region,
    storeUrl: output('StoreUrl'),
    stateMachineArn: output('StateMachineArn'),
    queueArns: [...gpuQueues, output('FargateQueueArn'), ...fargateSpotQueues],
    computes: [
      ...(gpuQueues.length > 0 ? ['gpu' as const] : []),
      ...(fargateSpotQueues.length > 0 ? ['cpu' as const] : []),
    ],
    ...(hours === undefined ? {} : { trainTimeoutHours: Number(hours) }),
    scheduleGroup: output('ScheduleGroup'),
    scheduleRoleArn: output('ScheduleRoleArn'),
    repositories: [output('CpuRepository'), ...present('GpuRepository')],
    missedSchedulesArn: optional('MissedSchedulesArn'),
    imageTag: optional('ImageTag'),
  };
}

export interface FoundStack {
  /** Undefined if the account has none of that name in the region. */
  readonly stack: Stack | undefined;
  readonly region: string;
}

/** Looks up a stack by its name or id. */
export async function findStack(stackName: string): Promise<FoundStack> {
  const client = new CloudFormationClient({});
  const region = await callAws(`find the stack ${stackName}`, () => client.config.region());
  return callAws(`find the stack ${stackName} in ${region}`, async () => {
    try {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
      return { stack: Stacks?.[0], region };
    } catch (error) {
      if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist'))
        return { stack: undefined, region };
      throw error;
    }
  });
}

export function outputOf({ Outputs }: Stack, name: string): string | undefined {
  return Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
}
