import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { UserError } from '@bakeoff/core';
import { callAws } from './explain-aws-error.ts';

/** What commands need to know of a deployed stack: its outputs. */
export interface Deployment {
  readonly stackName: string;
  readonly region: string;
  /** `s3://bucket` */
  readonly storeUrl: string;
  readonly stateMachineArn: string;
  readonly queueArns: readonly string[];
  readonly scheduleGroup: string;
  readonly scheduleRoleArn: string;
  /** The queue for occurrences that could not be started; undefined in deployments of earlier versions. */
  readonly missedSchedulesArn?: string;
  /** URIs of the two image repositories. */
  readonly repositories: readonly string[];
  /** Which images jobs run; undefined in deployments of earlier versions. */
  readonly imageTag?: string;
}

const DEPLOY =
  'deploy it: npx cdk deploy (docs/aws.md), name another stack with --stack, or set AWS_REGION to its region';

/**
 * Finds a deployment by the name of its stack.
 * @throws UserError if this account and region have no stack of that name, or the stack is incomplete
 */
export async function findDeployment(stackName: string): Promise<Deployment> {
  const client = new CloudFormationClient({});
  const region = await callAws(`find the stack ${stackName}`, () => client.config.region());
  const stack = await describeStack(client, stackName, region);
  const optional = (name: string): string | undefined =>
    stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
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
  return {
    stackName,
    region,
    storeUrl: output('StoreUrl'),
    stateMachineArn: output('StateMachineArn'),
    queueArns: [output('SpotQueueArn'), output('OnDemandQueueArn'), output('FargateQueueArn')],
    scheduleGroup: output('ScheduleGroup'),
    scheduleRoleArn: output('ScheduleRoleArn'),
    repositories: [output('CpuRepository'), output('GpuRepository')],
    missedSchedulesArn: optional('MissedSchedulesArn'),
    imageTag: optional('ImageTag'),
  };
}

async function describeStack(client: CloudFormationClient, stackName: string, region: string): Promise<Stack> {
  const missing = (cause?: unknown): never => {
    throw new UserError(
      {
        what: `there is no stack ${stackName} in ${region}`,
        received: `--stack ${stackName}, region ${region}`,
        fix: DEPLOY,
      },
      { cause },
    );
  };
  const { Stacks } = await callAws(`find the stack ${stackName} in ${region}`, async () => {
    try {
      return await client.send(new DescribeStacksCommand({ StackName: stackName }));
    } catch (error) {
      if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist'))
        return missing(error);
      throw error;
    }
  });
  return Stacks?.[0] ?? missing();
}
