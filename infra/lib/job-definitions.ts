import { ExitCode, type JobName, jobNames, jobs, type TrainingCompute } from '@bakeoff/core';
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
  /** Absent: no job uses a GPU. */
  readonly gpuImage?: IRepository;
  readonly imageTag: string;
  /** Whether XLA compiles the steps of the jobs on GPUs. */
  readonly xla: boolean;
  /** Whether Fargate tasks get public addresses. */
  readonly publicIps: boolean;
  readonly trainTimeoutHours: number;
  readonly stageTimeoutMinutes: number;
  readonly logRetention: RetentionDays;
}

/** Attempts of a job, the most that Batch allows. */
export const ATTEMPTS = 10;

/**
 * One job definition per stage, and a second one for training without a GPU: the images' own command line, non-root, a
 * read-only root file system, and its own role and log group.
 */
export class JobDefinitions extends Construct {
  private readonly logGroups: { readonly job: JobName; readonly group: LogGroup }[] = [];
  private readonly roles = new Map<JobName, Role>();
  /** Of the jobs on GPU instances. */
  private readonly onGpu: ReadonlyMap<JobName, EcsJobDefinition>;
  private readonly onFargate: ReadonlyMap<JobName, EcsJobDefinition>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: JobDefinitionsProps,
  ) {
    super(scope, id);
    const { gpuImage } = props;
    const needingGpu = jobNames.filter((job) => jobs[job].batch.gpus > 0);
    this.onGpu = new Map(gpuImage === undefined ? [] : needingGpu.map((job) => [job, this.gpuJob(job, gpuImage)]));
    this.onFargate = new Map(jobNames.map((job) => [job, this.fargateJob(job)]));
    this.letReportQuoteLogs();
  }

  get all(): readonly EcsJobDefinition[] {
    return [...this.onGpu.values(), ...this.onFargate.values()];
  }

  /** A job's definition; `compute` decides for jobs that can use a GPU. */
  definition(job: JobName, compute: TrainingCompute): EcsJobDefinition {
    const definitions = jobs[job].batch.gpus > 0 && compute === 'gpu' ? this.onGpu : this.onFargate;
    const found = definitions.get(job);
    if (found === undefined) throw new RangeError(`no job definition of ${job} on ${compute}`);
    return found;
  }

  private gpuJob(job: JobName, image: IRepository): EcsJobDefinition {
    const scope = new Construct(this, jobTitle(job));
    const { vcpus, memoryMib, gpus } = jobs[job].batch;
    const container = new EcsEc2ContainerDefinition(scope, 'Container', {
      ...this.common(scope, job, jobs[job].batch.engine),
      image: ContainerImage.fromEcrRepository(image, this.props.imageTag),
      cpu: vcpus,
      memory: Size.mebibytes(memoryMib),
      gpu: gpus,
      volumes: [EcsVolume.host({ name: 'scratch', containerPath: '/tmp' })],
      linuxParameters: new LinuxParameters(scope, 'Linux', { initProcessEnabled: true }),
    });
    return this.define(scope, container, job, {
      parameters: { planId: '-', runId: '-', store: '-' },
      platform: 'instance',
    });
  }

  private fargateJob(job: JobName): EcsJobDefinition {
    const { subject, batch } = jobs[job];
    const { vcpus, memoryMib, engine } = batch.withoutGpu ?? batch;
    const isTraining = batch.withoutGpu !== undefined;
    const scope = new Construct(this, isTraining ? `${jobTitle(job)}OnCpu` : job);
    const container = new EcsFargateContainerDefinition(scope, 'Container', {
      ...this.common(scope, job, engine),
      image: ContainerImage.fromEcrRepository(this.props.cpuImage, this.props.imageTag),
      cpu: vcpus,
      memory: Size.mebibytes(memoryMib),
      assignPublicIp: this.props.publicIps,
      fargateCpuArchitecture: CpuArchitecture.X86_64,
      fargateOperatingSystemFamily: OperatingSystemFamily.LINUX,
    });
    return this.define(scope, container, job, {
      parameters: {
        planId: '-',
        store: '-',
        ...(job === 'plan' ? { source: '-' } : {}),
        ...(subject === 'run' ? { runId: '-' } : {}),
      },
      platform: isTraining ? 'fargateSpot' : 'fargate',
    });
  }

  private common(scope: Construct, job: JobName, engine: string | null) {
    const isOnGpu = jobs[job].batch.gpus > 0 && engine === jobs[job].batch.engine;
    const logGroup = new LogGroup(scope, 'Logs', {
      retention: this.props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { role } = new StageRole(scope, 'Permissions', { job, bucket: this.props.bucket });
    this.logGroups.push({ job, group: logGroup });
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
        ...(isOnGpu ? { NVIDIA_TF32_OVERRIDE: '0', BAKEOFF_XLA: this.props.xla ? '1' : '0' } : {}),
      },
    };
  }

  private define(
    scope: Construct,
    container: EcsEc2ContainerDefinition | EcsFargateContainerDefinition,
    job: JobName,
    { parameters, platform }: { readonly parameters: Record<string, string>; readonly platform: Platform },
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
      retryStrategies: retryStrategies(platform),
    });
  }

  /** The message about failed runs quotes the last lines of their logs. */
  private letReportQuoteLogs(): void {
    const ofRuns = this.logGroups.filter(({ job }) => jobs[job].subject === 'run').map(({ group }) => group);
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

type Platform = 'instance' | 'fargate' | 'fargateSpot';

/**
 * Retried: an interrupted training, a lost host, and a container that never started. Anything else, such as a person's
 * mistake (exit code 2), ends the job at once. Batch takes five conditions at most, and both platforms need other ones:
 * on an instance, a failed pull is the container's reason, and on Fargate it is the task's, as is a network interface
 * or an image registry that did not answer (ResourceInitializationError).
 *
 * On Fargate Spot a task can also be stopped ("Your Spot Task was interrupted."), which would be a sixth condition. So
 * the rule is turned around: a container that ended by itself, except by an interruption, ends the job, and Batch
 * retries what matches no condition. https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
 */
function retryStrategies(platform: Platform): RetryStrategy[] {
  if (platform === 'fargateSpot')
    return [
      RetryStrategy.of(Action.RETRY, Reason.custom({ onExitCode: String(ExitCode.interrupted) })),
      RetryStrategy.of(Action.EXIT, Reason.custom({ onStatusReason: 'Essential container in task exited*' })),
    ];
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
