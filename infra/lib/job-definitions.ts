import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import {
  Action,
  EcsEc2ContainerDefinition,
  EcsFargateContainerDefinition,
  EcsJobDefinition,
  EcsVolume,
  LinuxParameters,
  Reason,
  RetryStrategy,
} from 'aws-cdk-lib/aws-batch';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, CpuArchitecture, LogDriver, OperatingSystemFamily } from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { jobCommand } from './job-command.ts';
import { StageRole } from './stage-role.ts';
import type { JobName } from './stage-permissions.ts';

export interface JobDefinitionsProps {
  readonly bucket: Bucket;
  readonly cpuImage: IRepository;
  readonly gpuImage: IRepository;
  readonly imageTag: string;
  readonly trainTimeoutHours: number;
  readonly stageTimeoutMinutes: number;
  readonly logRetention: RetentionDays;
}

/** The exit code of a training that wrote a checkpoint because it was told to end: worth another attempt. */
const INTERRUPTED_EXIT_CODE = 75;

const ATTEMPTS = 10;
/** g4dn.xlarge and its like have 16 GiB; the ECS agent and the system take some. */
const TRAIN = { vcpus: 4, memoryMib: 14_336, gpus: 1 };
const FARGATE: Readonly<Record<Exclude<JobName, 'train'>, { readonly vcpus: number; readonly memoryMib: number }>> = {
  plan: { vcpus: 0.5, memoryMib: 2048 },
  'data-prep': { vcpus: 2, memoryMib: 4096 },
  evaluate: { vcpus: 2, memoryMib: 4096 },
  compare: { vcpus: 1, memoryMib: 4096 },
  report: { vcpus: 2, memoryMib: 8192 },
};

/** One job definition a stage: the images' own command line, non-root, read-only root file system, a role and a log group each. */
export class JobDefinitions extends Construct {
  readonly definitions: Readonly<Record<JobName, EcsJobDefinition>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: JobDefinitionsProps,
  ) {
    super(scope, id);
    this.definitions = {
      plan: this.fargate('plan'),
      'data-prep': this.fargate('data-prep'),
      train: this.train(),
      evaluate: this.fargate('evaluate'),
      compare: this.fargate('compare'),
      report: this.fargate('report'),
    };
  }

  private train(): EcsJobDefinition {
    const scope = new Construct(this, 'Train');
    const container = new EcsEc2ContainerDefinition(scope, 'Container', {
      ...this.common(scope, 'train'),
      image: ContainerImage.fromEcrRepository(this.props.gpuImage, this.props.imageTag),
      cpu: TRAIN.vcpus,
      memory: Size.mebibytes(TRAIN.memoryMib),
      gpu: TRAIN.gpus,
      volumes: [EcsVolume.host({ name: 'scratch', containerPath: '/tmp' })],
      linuxParameters: new LinuxParameters(scope, 'Linux', { initProcessEnabled: true }),
    });
    return this.definition(scope, container, Duration.hours(this.props.trainTimeoutHours), {
      planId: '-',
      runId: '-',
      store: '-',
    });
  }

  private fargate(job: Exclude<JobName, 'train'>): EcsJobDefinition {
    const scope = new Construct(this, job);
    const { vcpus, memoryMib } = FARGATE[job];
    const container = new EcsFargateContainerDefinition(scope, 'Container', {
      ...this.common(scope, job),
      image: ContainerImage.fromEcrRepository(this.props.cpuImage, this.props.imageTag),
      cpu: vcpus,
      memory: Size.mebibytes(memoryMib),
      assignPublicIp: true,
      fargateCpuArchitecture: CpuArchitecture.X86_64,
      fargateOperatingSystemFamily: OperatingSystemFamily.LINUX,
    });
    return this.definition(scope, container, Duration.minutes(this.props.stageTimeoutMinutes), {
      planId: '-',
      store: '-',
      ...(job === 'plan' ? { source: '-' } : {}),
      ...(job === 'evaluate' ? { runId: '-' } : {}),
    });
  }

  private common(scope: Construct, job: JobName) {
    const logGroup = new LogGroup(scope, 'Logs', {
      retention: this.props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return {
      command: jobCommand(job),
      jobRole: new StageRole(scope, 'Permissions', { stage: job, bucket: this.props.bucket }).role,
      logging: LogDriver.awsLogs({ streamPrefix: job, logGroup }),
      user: '1000:1000',
      readonlyRootFilesystem: true,
      environment: { BAKEOFF_CACHE: '/tmp/bakeoff', ...(job === 'train' ? { BAKEOFF_ENGINE: 'tensorflow-gpu' } : {}) },
    };
  }

  /** Retried: an interrupted training, a reclaimed Spot host, an image that could not be pulled. Anything else ends the job at once. */
  private definition(
    scope: Construct,
    container: EcsEc2ContainerDefinition | EcsFargateContainerDefinition,
    timeout: Duration,
    defaults: Record<string, string>,
  ): EcsJobDefinition {
    acknowledge(container.executionRole, {
      'IAM5[Resource::*]': 'ecr:GetAuthorizationToken knows no resource-level permission',
    });
    return new EcsJobDefinition(scope, 'Definition', {
      container,
      parameters: defaults,
      timeout,
      propagateTags: true,
      retryAttempts: ATTEMPTS,
      retryStrategies: [
        RetryStrategy.of(Action.RETRY, Reason.custom({ onExitCode: String(INTERRUPTED_EXIT_CODE) })),
        RetryStrategy.of(Action.RETRY, Reason.SPOT_INSTANCE_RECLAIMED),
        RetryStrategy.of(Action.RETRY, Reason.CANNOT_PULL_CONTAINER),
        RetryStrategy.of(Action.EXIT, Reason.custom({ onReason: '*' })),
      ],
    });
  }
}
