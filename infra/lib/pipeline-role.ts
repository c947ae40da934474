import { keys, prefixes } from '@bakeoff/core';
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IJobQueue } from 'aws-cdk-lib/aws-batch';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { JobDefinitions } from './job-definitions.ts';

export interface PipelineRoleProps {
  readonly stateMachineName: string;
  readonly bucket: Bucket;
  readonly jobs: JobDefinitions;
  readonly queues: readonly IJobQueue[];
  readonly topic: ITopic;
}

const UNNAMEABLE = 'the action knows no resource-level permission (AWS service authorization reference)';

/** The beginning of an ARN, as cdk-nag writes it. */
const arnHead = (service: string) => `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>`;

/**
 * What the state machine may do, written out because CDK's own grants would allow every job definition and the whole
 * bucket.
 */
export class PipelineRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { stateMachineName, bucket, jobs, queues, topic }: PipelineRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const arn = (service: string, resource: string, resourceName: string) =>
      stack.formatArn({ service, resource, resourceName });
    const execution = (suffix: string) =>
      `arn:${stack.partition}:states:${stack.region}:${stack.account}:execution:${stateMachineName}${suffix}`;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'The Bakeoff state machine',
    });
    const allow = (actions: string[], resources: string[]) =>
      this.role.addToPolicy(new PolicyStatement({ actions, resources }));

    allow(
      ['batch:SubmitJob'],
      [...jobs.all.map((definition) => definition.jobDefinitionArn), ...queues.map((queue) => queue.jobQueueArn)],
    );
    allow(['batch:TerminateJob', 'batch:CancelJob'], [arn('batch', 'job', '*')]);
    allow(['batch:DescribeJobs', 'batch:ListJobs'], ['*']);
    // Step Functions is notified of a job's end by a rule of its own.
    allow(
      ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      [arn('events', 'rule', 'StepFunctionsGetEventsForBatchJobsRule')],
    );
    allow(['s3:GetObject', 's3:PutObject'], [bucket.arnForObjects(`${prefixes.executions}*`)]);
    // The map's result writer uploads in parts.
    allow(
      ['s3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      [bucket.arnForObjects(`${keys.executionMapRuns}/*`)],
    );
    allow(['sns:Publish'], [topic.topicArn]);
    allow(
      ['states:StartExecution'],
      [`arn:${stack.partition}:states:${stack.region}:${stack.account}:stateMachine:${stateMachineName}`],
    );
    allow(['states:DescribeExecution', 'states:StopExecution'], [execution(':*'), execution('/*')]);
    allow(
      [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      ['*'],
    );
    allow(
      ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
      ['*'],
    );

    const bucketId = stack.getLogicalId(bucket.node.defaultChild as CfnBucket);
    acknowledge(this.role, {
      'IAM5[Resource::*]': UNNAMEABLE,
      [`IAM5[Resource::${arnHead('batch')}:job/*]`]: 'job ids are made at submission',
      [`IAM5[Resource::<${bucketId}.Arn>/${prefixes.executions}*]`]:
        'one prefix of the artifact bucket; execution ids are made at submission',
      [`IAM5[Resource::<${bucketId}.Arn>/${keys.executionMapRuns}/*]`]: 'one prefix of the artifact bucket',
      [`IAM5[Resource::${arnHead('states')}:execution:${stateMachineName}:*]`]:
        'executions of this state machine alone',
      [`IAM5[Resource::${arnHead('states')}:execution:${stateMachineName}/*]`]: 'map runs of this state machine alone',
    });
  }
}
