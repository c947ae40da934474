import { ExitCode, type JobName, jobNames, jobs } from '@bakeoff/core';
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
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
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
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

/** Attempts of a job, the most that Batch allows. */
export const ATTEMPTS = 10;

/**
 * One job definition per stage: the images' own command line, non-root, a read-only root file system, and its own role
 * and log group.
 */
export class JobDefinitions extends Construct {
  private readonly logGroups = new Map<JobName, LogGroup>();
  private readonly roles = new Map<JobName, Role>();
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
    this.letReportQuoteLogs();
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
    const { engine, gpus } = jobs[job].batch;
    const logGroup = new LogGroup(scope, 'Logs', {
      retention: this.props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { role } = new StageRole(scope, 'Permissions', { job, bucket: this.props.bucket });
    this.logGroups.set(job, logGroup);
    this.roles.set(job, role);
    return {
      command: jobCommand(job),
      jobRole: role,
      logging: LogDriver.awsLogs({ streamPrefix: job, logGroup }),
      user: '1000:1000',
      readonlyRootFilesystem: true,
      environment: {
        BAKEOFF_CACHE: '/tmp/bakeoff',
        // The ECS agent on an instance sets it only in newer versions, so the SDK would not find the bucket's region.
        AWS_REGION: Stack.of(this).region,
        ...(engine === null ? {} : { BAKEOFF_ENGINE: engine }),
        ...(gpus > 0 ? { NVIDIA_TF32_OVERRIDE: '0' } : {}),
      },
    };
  }

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
      retryStrategies: retryStrategies(jobs[job].batch.gpus > 0 ? 'instance' : 'fargate'),
    });
  }

  /** The message about failed runs quotes the last lines of their logs. */
  private letReportQuoteLogs(): void {
    const ofRuns = jobNames
      .filter((job) => jobs[job].subject === 'run')
      .flatMap((job) => this.logGroups.get(job) ?? []);
    this.roles
      .get('report')
      ?.addToPolicy(
        new PolicyStatement({ actions: ['logs:GetLogEvents'], resources: ofRuns.map((group) => group.logGroupArn) }),
      );
  }

  /** The longest that one attempt may run. */
  timeout(job: JobName): Duration {
    const { trainTimeoutHours, stageTimeoutMinutes } = this.props;
    return jobs[job].batch.timeLimit === 'training'
      ? Duration.hours(trainTimeoutHours)
      : Duration.minutes(stageTimeoutMinutes);
  }
}

/**
 * Retried: an interrupted training, a lost host, and a container that never started. Anything else, such as a person's
 * mistake (exit code 2), ends the job at once. Batch takes five conditions at most, and both platforms need other ones:
 * on an instance, a failed pull is the container's reason, and on Fargate it is the task's, as is a network interface
 * or an image registry that did not answer (ResourceInitializationError).
 */
function retryStrategies(platform: 'instance' | 'fargate'): RetryStrategy[] {
  const retried = [
    Reason.custom({ onExitCode: String(ExitCode.interrupted) }),
    Reason.custom({ onStatusReason: 'Task failed to start*' }),
    ...(platform === 'instance'
      ? [Reason.SPOT_INSTANCE_RECLAIMED, Reason.custom({ onReason: 'CannotPull*' })]
      : [
          Reason.custom({ onStatusReason: 'CannotPull*' }),
          Reason.custom({ onStatusReason: 'ResourceInitializationError*' }),
        ]),
  ];
  return [
    ...retried.map((reason) => RetryStrategy.of(Action.RETRY, reason)),
    RetryStrategy.of(Action.EXIT, Reason.custom({ onReason: '*' })),
  ];
}
