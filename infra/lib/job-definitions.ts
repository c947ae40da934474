import { ExitCode, type JobName, jobNames, jobs } from '@bakeoff/core';
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
import { jobTitle } from './job-title.ts';
import { StageRole } from './stage-role.ts';

export interface JobDefinitionsProps {
  readonly bucket: Bucket;
  readonly cpuImage: IRepository;
  readonly gpuImage: IRepository;
  readonly imageTag: string;
  readonly trainTimeoutHours: number;
  readonly stageTimeoutMinutes: number;
  readonly logRetention: RetentionDays;
}

const ATTEMPTS = 10;

/**
 * One job definition per stage: the images' own command line, non-root, a read-only root file system, and its own role
 * and log group.
 */
export class JobDefinitions extends Construct {
  readonly definitions: Readonly<Record<JobName, EcsJobDefinition>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: JobDefinitionsProps,
  ) {
    super(scope, id);
    this.definitions = Object.fromEntries(
      jobNames.map((job) => [job, jobs[job].batch.gpus > 0 ? this.gpuJob(job) : this.fargateJob(job)]),
    ) as Record<JobName, EcsJobDefinition>;
  }

  private gpuJob(job: JobName): EcsJobDefinition {
    const scope = new Construct(this, jobTitle(job));
    const { vcpus, memoryMib, gpus } = jobs[job].batch;
    const container = new EcsEc2ContainerDefinition(scope, 'Container', {
      ...this.common(scope, job),
      image: ContainerImage.fromEcrRepository(this.props.gpuImage, this.props.imageTag),
      cpu: vcpus,
      memory: Size.mebibytes(memoryMib),
      gpu: gpus,
      volumes: [EcsVolume.host({ name: 'scratch', containerPath: '/tmp' })],
      linuxParameters: new LinuxParameters(scope, 'Linux', { initProcessEnabled: true }),
    });
    return this.definition(scope, container, job, { planId: '-', runId: '-', store: '-' });
  }

  private fargateJob(job: JobName): EcsJobDefinition {
    const scope = new Construct(this, job);
    const { subject, batch } = jobs[job];
    const container = new EcsFargateContainerDefinition(scope, 'Container', {
      ...this.common(scope, job),
      image: ContainerImage.fromEcrRepository(this.props.cpuImage, this.props.imageTag),
      cpu: batch.vcpus,
      memory: Size.mebibytes(batch.memoryMib),
      assignPublicIp: true,
      fargateCpuArchitecture: CpuArchitecture.X86_64,
      fargateOperatingSystemFamily: OperatingSystemFamily.LINUX,
    });
    return this.definition(scope, container, job, {
      planId: '-',
      store: '-',
      ...(job === 'plan' ? { source: '-' } : {}),
      ...(subject === 'run' ? { runId: '-' } : {}),
    });
  }

  private common(scope: Construct, job: JobName) {
    const { engine } = jobs[job].batch;
    const logGroup = new LogGroup(scope, 'Logs', {
      retention: this.props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return {
      command: jobCommand(job),
      jobRole: new StageRole(scope, 'Permissions', { job, bucket: this.props.bucket }).role,
      logging: LogDriver.awsLogs({ streamPrefix: job, logGroup }),
      user: '1000:1000',
      readonlyRootFilesystem: true,
      environment: { BAKEOFF_CACHE: '/tmp/bakeoff', ...(engine === null ? {} : { BAKEOFF_ENGINE: engine }) },
    };
  }

  /**
   * Retried: an interrupted training, a reclaimed Spot host, an image that could not be pulled. Anything else ends the
   * job at once.
   */
  private definition(
    scope: Construct,
    container: EcsEc2ContainerDefinition | EcsFargateContainerDefinition,
    job: JobName,
    parameters: Record<string, string>,
  ): EcsJobDefinition {
    acknowledge(container.executionRole, {
      'IAM5[Resource::*]': 'ecr:GetAuthorizationToken knows no resource-level permission',
    });
    return new EcsJobDefinition(scope, 'Definition', {
      container,
      // The state machine fills them in. Batch requires defaults.
      parameters,
      timeout: this.timeout(job),
      propagateTags: true,
      retryAttempts: ATTEMPTS,
      retryStrategies: [
        RetryStrategy.of(Action.RETRY, Reason.custom({ onExitCode: String(ExitCode.interrupted) })),
        RetryStrategy.of(Action.RETRY, Reason.SPOT_INSTANCE_RECLAIMED),
        RetryStrategy.of(Action.RETRY, Reason.CANNOT_PULL_CONTAINER),
        RetryStrategy.of(Action.EXIT, Reason.custom({ onReason: '*' })),
      ],
    });
  }

  private timeout(job: JobName): Duration {
    const { trainTimeoutHours, stageTimeoutMinutes } = this.props;
    return jobs[job].batch.timeLimit === 'training'
      ? Duration.hours(trainTimeoutHours)
      : Duration.minutes(stageTimeoutMinutes);
  }
}
