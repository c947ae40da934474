import { Match, type Template } from 'aws-cdk-lib/assertions';
import { executionCommand, stageCommand } from '@bakeoff/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployedTemplate } from './testing/deployed-stack.ts';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

let template: Template;

/** What a queue does with a job at its head that waits too long; `capacity` in seconds. */
const limits = (capacity: number) => ({
  JobStateTimeLimitActions: [
    ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', capacity],
    ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 600],
    ['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 600],
  ].map(([Reason, MaxTimeSeconds]) => ({ Action: 'CANCEL', State: 'RUNNABLE', Reason, MaxTimeSeconds })),
});

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
            Match.objectLike({
              Prefix: 'runs/',
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
              ExpiredObjectDeleteMarker: true,
            }),
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
    // Two, because some accounts see no more in some regions.
    template.resourceCountIs('AWS::EC2::Subnet', 2);
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

  it('gives up on Spot after ten minutes without capacity, on GPUs and Fargate, and on other queues after a day', () => {
    template.resourcePropertiesCountIs('AWS::Batch::JobQueue', limits(600), 2);
    template.resourcePropertiesCountIs('AWS::Batch::JobQueue', limits(86_400), 2);
  });

  it('starts instances from the newest version of the launch template', () => {
    const [id] = Object.keys(template.findResources('AWS::EC2::LaunchTemplate'));
    template.resourcePropertiesCountIs(
      'AWS::Batch::ComputeEnvironment',
      {
        ComputeResources: {
          LaunchTemplate: { LaunchTemplateId: { Ref: id }, Version: { 'Fn::GetAtt': [id, 'LatestVersionNumber'] } },
        },
      },
      2,
    );
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

  it.each([
    ['exit code 75', { exitCode: 75, statusReason: 'Essential container in task exited' }, true],
    ['a container that did not start', { statusReason: 'Task failed to start' }, true],
    [
      'a failed pull on an instance',
      { statusReason: 'Task failed to start', reason: 'CannotPullContainerError: x' },
      true,
    ],
    ['a failed pull on Fargate', { statusReason: 'CannotPullContainerError: x' }, true, 'fargate'],
    ['an interface that Fargate did not get', { statusReason: 'ResourceInitializationError: x' }, true, 'fargate'],
    ['a reclaimed host', { statusReason: 'Host EC2 (instance i-1) terminated.' }, true, 'instance'],
    ['a person’s mistake', { exitCode: 2, statusReason: 'Essential container in task exited' }, false],
    ['a bug', { exitCode: 1, statusReason: 'Essential container in task exited' }, false],
    [
      'a lack of memory',
      {
        exitCode: 137,
        statusReason: 'Essential container in task exited',
        reason: 'OutOfMemoryError: Container killed',
      },
      false,
    ],
  ] as const)('after %s, each one retries or not', (_, ended, retried, platform?: 'fargate' | 'instance') => {
    for (const definition of definitions()) {
      const isFargate = definition.PlatformCapabilities?.includes('FARGATE') ?? false;
      if (platform !== undefined && (platform === 'fargate') !== isFargate) continue;
      expect(definition).toMatchObject({ PropagateTags: true, Timeout: {}, RetryStrategy: { Attempts: 10 } });
      expect(definition.RetryStrategy.EvaluateOnExit.length).toBeLessThanOrEqual(5);
      expect(retries(definition.RetryStrategy.EvaluateOnExit, ended)).toBe(retried);
    }
  });

  it('name the region, and compute the same products on every GPU', () => {
    for (const { ContainerProperties } of definitions()) {
      const environment = Object.fromEntries(
        ContainerProperties.Environment.map(({ Name, Value }) => [Name, Value] as const),
      );
      expect(environment['AWS_REGION']).toEqual({ Ref: 'AWS::Region' });
      const isGpu = ContainerProperties.ResourceRequirements.some(({ Type }) => Type === 'GPU');
      expect(environment['NVIDIA_TF32_OVERRIDE']).toBe(isGpu ? '0' : undefined);
      expect(environment['BAKEOFF_XLA']).toBe(isGpu ? '0' : undefined);
    }
  });

  it('give training one GPU and the others none', () => {
    for (const { ContainerProperties, PlatformCapabilities } of definitions()) {
      const gpus = ContainerProperties.ResourceRequirements.filter(({ Type }) => Type === 'GPU').map(
        ({ Value }) => Value,
      );
      const isFargate = PlatformCapabilities?.includes('FARGATE') ?? false;
      expect(gpus).toEqual(ContainerProperties.Command[0] === 'train' && !isFargate ? ['1'] : []);
    }
  });

  it('train without a GPU on one vCPU of Fargate, with the engine of laptops', () => {
    template.hasResourceProperties('AWS::Batch::JobDefinition', {
      PlatformCapabilities: ['FARGATE'],
      ContainerProperties: Match.objectLike({
        Command: stageCommand('train', { ...references, runId: 'Ref::runId' }),
        ResourceRequirements: [
          { Type: 'MEMORY', Value: '8192' },
          { Type: 'VCPU', Value: '1' },
        ],
        Environment: Match.arrayWith([{ Name: 'BAKEOFF_ENGINE', Value: 'wasm' }]),
      }),
      Timeout: { AttemptDurationSeconds: 24 * 3600 },
    });
    template.hasResourceProperties('AWS::Batch::ComputeEnvironment', {
      ComputeResources: Match.objectLike({ Type: 'FARGATE_SPOT', MaxvCpus: 64 }),
    });
  });

  it('retry a training that Fargate Spot interrupted before it could answer', () => {
    const [training] = definitions().filter(
      ({ ContainerProperties, PlatformCapabilities }) =>
        ContainerProperties.Command[0] === 'train' && PlatformCapabilities?.includes('FARGATE'),
    );
    const ended = { exitCode: 137, statusReason: 'Your Spot Task was interrupted.' };
    expect(retries(training!.RetryStrategy.EvaluateOnExit, ended)).toBe(true);
  });

  it('run the images of one commit, which no push can replace', () => {
    for (const { ContainerProperties } of definitions())
      expect(JSON.stringify(ContainerProperties.Image)).toMatch(/:a1b2c3d4"/);
    template.allResourcesProperties('AWS::ECR::Repository', { ImageTagMutability: 'IMMUTABLE' });
    template.hasOutput('ImageTag', { Value: 'a1b2c3d4' });
  });

  it('keep logs for the configured time', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });
});

describe('teardown', () => {
  it('keeps the two buckets and nothing else', () => {
    const kept = Object.values(
      template.toJSON()['Resources'] as Record<string, { Type: string; DeletionPolicy?: string }>,
    )
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
      .map(({ Type }) => Type);
    expect(kept).toEqual(['AWS::S3::Bucket', 'AWS::S3::Bucket']);
  });
});

describe('messages', () => {
  it('of the account’s alarms and of event rules may reach the topic', () => {
    const publishers = (
      Object.values(template.findResources('AWS::SNS::TopicPolicy')) as {
        Properties: {
          PolicyDocument: { Statement: (Statement & { Effect: string; Principal: unknown; Condition?: unknown })[] };
        };
      }[]
    )
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect, Action }) => Effect === 'Allow' && Action === 'sns:Publish')
      .map(({ Principal, Condition }) => ({ Principal, Condition }));
    expect(publishers).toEqual([
      {
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
      { Principal: { Service: 'events.amazonaws.com' }, Condition: undefined },
    ]);
  });

  it('say which job blocks a queue, and why', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.batch'],
        'detail-type': ['Batch Job Queue Blocked'],
        detail: { jobQueue: Array.from({ length: 4 }, () => Match.anyValue()) },
      },
      Targets: [
        Match.objectLike({
          InputTransformer: Match.objectLike({
            InputPathsMap: Match.objectLike({ 'detail-statusReason': '$.detail.statusReason' }),
          }),
        }),
      ],
    });
  });
});

interface JobDefinition {
  readonly PlatformCapabilities?: string[];
  readonly RetryStrategy: { readonly EvaluateOnExit: readonly RetryCondition[] };
  readonly ContainerProperties: {
    readonly Command: string[];
    readonly Image: unknown;
    readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
    readonly ResourceRequirements: readonly { readonly Type: string; readonly Value: string }[];
  };
}

interface RetryCondition {
  readonly Action: string;
  readonly OnExitCode?: string;
  readonly OnReason?: string;
  readonly OnStatusReason?: string;
}

interface Ended {
  readonly exitCode?: number;
  readonly statusReason: string;
  readonly reason?: string;
}

function definitions(): JobDefinition[] {
  return Object.values(template.findResources('AWS::Batch::JobDefinition')).map(
    (resource) => (resource as { Properties: JobDefinition }).Properties,
  );
}

/** A pattern of Batch may end in an asterisk. */
const matches = (pattern: string | undefined, value: string): boolean =>
  pattern === undefined || (pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern);

/** Batch's rule: the first condition of which all parts match decides; without one, the job is retried. */
function retries(conditions: readonly RetryCondition[], { exitCode, statusReason, reason }: Ended): boolean {
  const first = conditions.find(
    ({ OnExitCode, OnReason, OnStatusReason }) =>
      matches(OnExitCode, String(exitCode ?? '')) &&
      matches(OnReason, reason ?? '') &&
      matches(OnStatusReason, statusReason),
  );
  return (first?.Action ?? 'RETRY') === 'RETRY';
}

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
    'batch:ListJobs': 'the state machine finds jobs to end',
    'batch:CancelJob': 'trainings leave a Spot queue without capacity',
    'batch:TerminateJob': 'a stopped execution ends its jobs, and a time limit its job',
    'events:PutTargets': 'the state machine waits for a job',
    'events:PutRule': 'the state machine waits for a job',
    'events:DescribeRule': 'the state machine waits for a job',
    'sqs:SendMessage': 'an occurrence that cannot be started goes to the dead-letter queue',
    'sqs:*': 'denied without TLS',
    'states:StartExecution': 'the map starts its children; schedules start executions',
    'states:DescribeExecution': 'the map waits for its children',
    'states:StopExecution': 'a stopped execution stops its children',
    'logs:CreateLogStream': 'job and flow logs',
    'logs:PutLogEvents': 'job and flow logs',
    'logs:DescribeLogStreams': 'flow logs',
    'logs:GetLogEvents': 'the report quotes the logs of failed runs',
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
    /^(batch:DescribeJobs|batch:ListJobs|ecr:GetAuthorizationToken|xray:.*|logs:(CreateLogDelivery|GetLogDelivery|UpdateLogDelivery|DeleteLogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups))$/;

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
