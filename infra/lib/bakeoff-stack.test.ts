import { Match, type Template } from 'aws-cdk-lib/assertions';
import { executionCommand, stageCommand } from '@bakeoff/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployedTemplate } from './testing/deployed-stack.ts';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

let template: Template;

beforeAll(() => {
  template = deployedTemplate();
}, 120_000);

describe('the artifact bucket', () => {
  it('is encrypted, private, versioned, logged, and kept when the stack is deleted', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: 'Enabled' },
        LoggingConfiguration: Match.objectLike({ LogFilePrefix: 'artifacts/' }),
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } }),
            Match.objectLike({ Prefix: 'executions/', ExpirationInDays: 365 }),
          ]),
        },
      },
    });
  });

  it('refuses plain HTTP', () => {
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });
});

describe('the network', () => {
  it('has no NAT gateway, no interface endpoint and no ingress, and reaches S3 through a gateway endpoint', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    template.allResourcesProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  it('spans as many zones as the settings ask for, in any account', () => {
    template.resourceCountIs('AWS::EC2::Subnet', 3);
  });
});

describe('GPU compute', () => {
  it('scales to zero, on Spot and on demand, with the NVIDIA image of Amazon Linux 2023', () => {
    for (const type of ['SPOT', 'EC2']) {
      template.hasResourceProperties('AWS::Batch::ComputeEnvironment', {
        ComputeResources: Match.objectLike({
          Type: type,
          MinvCpus: 0,
          MaxvCpus: 32,
          Ec2Configuration: [{ ImageType: 'ECS_AL2023_NVIDIA' }],
          InstanceTypes: Match.arrayWith(['g4dn.xlarge', 'g5.2xlarge', 'g6.xlarge']),
        }),
      });
    }
  });

  it('starts instances with an encrypted gp3 volume and IMDSv2', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        MetadataOptions: Match.objectLike({ HttpTokens: 'required' }),
        BlockDeviceMappings: [Match.objectLike({ Ebs: Match.objectLike({ Encrypted: true, VolumeType: 'gp3' }) })],
      },
    });
  });

  it('keeps further jobs off an instance that Spot is reclaiming', () => {
    const [launchTemplate] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
    expect(JSON.stringify(launchTemplate)).toContain('ECS_ENABLE_SPOT_INSTANCE_DRAINING=true');
  });

  it('ends jobs stuck in RUNNABLE with the cause', () => {
    template.allResourcesProperties('AWS::Batch::JobQueue', {
      JobStateTimeLimitActions: Match.arrayWith([
        Match.objectLike({
          Action: 'CANCEL',
          State: 'RUNNABLE',
          Reason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
          MaxTimeSeconds: 1800,
        }),
      ]),
    });
  });
});

describe('job definitions', () => {
  const references = { planId: 'Ref::planId', store: 'Ref::store' };
  const commands = [
    executionCommand({ executionId: 'Ref::planId', source: 'Ref::source', store: 'Ref::store' }),
    stageCommand('data-prep', references),
    stageCommand('train', { ...references, runId: 'Ref::runId' }),
    stageCommand('evaluate', { ...references, runId: 'Ref::runId' }),
    stageCommand('compare', references),
    stageCommand('report', references),
  ];

  it.each(commands.map((command) => [command[0]!, command]))('%s runs exactly the local command', (_, command) => {
    template.hasResourceProperties('AWS::Batch::JobDefinition', {
      ContainerProperties: Match.objectLike({ Command: command, User: '1000:1000', ReadonlyRootFilesystem: true }),
    });
  });

  it('retry an interruption, a reclaimed host and a failed pull ten times, and nothing else', () => {
    template.allResourcesProperties('AWS::Batch::JobDefinition', {
      Timeout: Match.anyValue(),
      PropagateTags: true,
      RetryStrategy: {
        Attempts: 10,
        EvaluateOnExit: [
          { Action: 'RETRY', OnExitCode: '75' },
          { Action: 'RETRY', OnStatusReason: 'Host EC2*' },
          { Action: 'RETRY', OnReason: 'CannotPullContainerError:*' },
          { Action: 'EXIT', OnReason: '*' },
        ],
      },
    });
  });

  it('give training one GPU and the others none', () => {
    const definitions = Object.values(template.findResources('AWS::Batch::JobDefinition')) as {
      Properties: {
        PlatformCapabilities?: string[];
        ContainerProperties: { Command: string[]; ResourceRequirements: { Type: string; Value: string }[] };
      };
    }[];
    for (const { Properties } of definitions) {
      const gpus = Properties.ContainerProperties.ResourceRequirements.filter(({ Type }) => Type === 'GPU').map(
        ({ Value }) => Value,
      );
      expect(gpus).toEqual(Properties.ContainerProperties.Command[0] === 'train' ? ['1'] : []);
    }
  });

  it('keep logs for the configured time', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });
});

function statements(): Statement[] {
  const policies = [
    ...Object.values(template.findResources('AWS::IAM::Policy')),
    ...Object.values(template.findResources('AWS::S3::BucketPolicy')),
    ...Object.values(template.findResources('AWS::SNS::TopicPolicy')),
  ] as { Properties: { PolicyDocument: { Statement: Statement[] } } }[];
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

describe('permissions', () => {
  /** Every action of the template and what uses it. Other actions must not be granted. */
  const usedActions: Readonly<Record<string, string>> = {
    's3:GetObject': 'the S3 store reads; the map reads pending.json',
    's3:PutObject': 'the S3 store writes; the state machine records a failure',
    's3:DeleteObject': 'the trainer prunes checkpoints',
    's3:ListBucket': 'the S3 store lists, and distinguishes absent from forbidden',
    's3:AbortMultipartUpload': 'the S3 store and the map clean up after a failed upload in parts',
    's3:ListMultipartUploadParts': 'the map finishes its upload in parts',
    's3:*': 'denied without TLS',
    'sns:Publish': 'notifications; denied without TLS',
    'batch:SubmitJob': 'every stage',
    'batch:DescribeJobs': 'the state machine waits for a job',
    'batch:TerminateJob': 'a stopped execution ends its jobs',
    'events:PutTargets': 'the state machine waits for a job',
    'events:PutRule': 'the state machine waits for a job',
    'events:DescribeRule': 'the state machine waits for a job',
    'states:StartExecution': 'the map starts its children; schedules start executions',
    'states:DescribeExecution': 'the map waits for its children',
    'states:StopExecution': 'a stopped execution stops its children',
    'logs:CreateLogStream': 'job and flow logs',
    'logs:PutLogEvents': 'job and flow logs',
    'logs:DescribeLogStreams': 'flow logs',
    'ecr:GetAuthorizationToken': 'pulling images',
    'ecr:BatchCheckLayerAvailability': 'pulling images',
    'ecr:GetDownloadUrlForLayer': 'pulling images',
    'ecr:BatchGetImage': 'pulling images',
    'iam:PassRole': 'flow logs',
    'sts:AssumeRole': 'services assume their roles',
    'cloudwatch:PutMetricData': 'flow logs',
    ...Object.fromEntries(
      [
        'CreateLogDelivery',
        'GetLogDelivery',
        'UpdateLogDelivery',
        'DeleteLogDelivery',
        'ListLogDeliveries',
        'PutResourcePolicy',
        'DescribeResourcePolicies',
        'DescribeLogGroups',
      ].map((action) => [`logs:${action}`, 'logs of the state machine']),
    ),
    ...Object.fromEntries(
      ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map((action) => [
        `xray:${action}`,
        'traces of the state machine',
      ]),
    ),
  };
  /** Actions without resource-level permissions (AWS service authorization reference). */
  const unnameable =
    /^(batch:DescribeJobs|ecr:GetAuthorizationToken|xray:.*|logs:(CreateLogDelivery|GetLogDelivery|UpdateLogDelivery|DeleteLogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups))$/;

  it('grant only what is used', () => {
    const granted = new Set(statements().flatMap(({ Action }) => Action));
    expect([...granted].filter((action) => !Object.hasOwn(usedActions, action))).toEqual([]);
  });

  it('name the resource wherever the action allows it', () => {
    const wide = statements().filter(({ Resource }) => Resource === '*');
    expect(wide.flatMap(({ Action }) => Action).filter((action) => !unnameable.test(action))).toEqual([]);
  });

  it('let a stage write only under its own prefixes', () => {
    const put = statements().filter(
      ({ Action }) =>
        Array.isArray(Action) && Action.includes('s3:PutObject') && Action.includes('s3:AbortMultipartUpload'),
    );
    const prefixes = put.map(({ Resource }) => JSON.stringify(Resource).match(/\/[a-z-]+\/\*/g));
    expect(prefixes).toContainEqual(['/runs/*']);
    expect(prefixes).not.toContainEqual(['/*']);
  });
});
