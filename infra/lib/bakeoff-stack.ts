import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ArtifactBucket } from './artifact-bucket.ts';
import { FargateCompute } from './fargate-compute.ts';
import { GpuCompute } from './gpu-compute.ts';
import { ImageRepositories } from './image-repositories.ts';
import { JobDefinitions } from './job-definitions.ts';
import { Monitoring } from './monitoring.ts';
import { Network } from './network.ts';
import { Notifications } from './notifications.ts';
import { Pipeline } from './pipeline.ts';
import { Schedules } from './schedules.ts';
import type { Settings } from './settings.ts';

export interface BakeoffStackProps extends StackProps {
  readonly settings: Settings;
  /** Which images jobs run. */
  readonly imageTag: string;
}

/** Everything in a deployment. While no execution runs, none of it runs, or costs more than storage. */
export class BakeoffStack extends Stack {
  constructor(scope: Construct, id: string, { settings, imageTag, ...props }: BakeoffStackProps) {
    super(scope, id, { description: 'Bakeoff: trains and compares image classifiers on AWS Batch', ...props });
    const logRetention = logRetentionOf(settings.logRetentionDays);
    const { bucket } = new ArtifactBucket(this, 'Store', settings);
    const images = new ImageRepositories(this, 'Images', settings);
    const network = new Network(this, 'Network', { ...settings, logRetention });
    const gpu =
      settings.compute === 'gpu'
        ? new GpuCompute(this, 'Gpu', {
            network,
            instanceFamilies: settings.gpuInstanceFamilies,
            instanceSizes: settings.gpuInstanceSizes,
            maxVcpus: settings.maxGpuVcpus,
            capacityTimeoutMinutes: settings.capacityTimeoutMinutes,
          })
        : undefined;
    const fargate = new FargateCompute(this, 'Fargate', {
      network,
      maxVcpus: settings.maxFargateVcpus,
      capacityTimeoutMinutes: settings.capacityTimeoutMinutes,
    });
    const queues = [...(gpu === undefined ? [] : [gpu.spotQueue, gpu.onDemandQueue]), fargate.queue, fargate.spotQueue];
    const jobs = new JobDefinitions(this, 'Jobs', {
      bucket,
      cpuImage: images.cpu,
      gpuImage: images.gpu,
      imageTag,
      xla: settings.xla,
      publicIps: network.publicIps,
      trainTimeoutHours: settings.trainTimeoutHours,
      stageTimeoutMinutes: settings.stageTimeoutMinutes,
      logRetention,
    });
    const { topic } = new Notifications(this, 'Notifications', { email: settings.notificationEmail });
    const { stateMachine } = new Pipeline(this, 'Pipeline', {
      name: `${id}-pipeline`,
      bucket,
      jobs,
      gpu,
      fargate,
      queues,
      topic,
      maxConcurrentRuns: settings.maxConcurrentRuns,
      logRetention,
    });
    const schedules = new Schedules(this, 'Schedules', { stateMachine });
    new Monitoring(this, 'Monitoring', {
      stateMachine,
      topic,
      queues,
    });
    if (settings.permissionsBoundary !== null) this.limitRoles(settings.permissionsBoundary);
    Tags.of(this).add('bakeoff:cost-center', settings.costCenter);
    this.outputs({
      StoreUrl: `s3://${bucket.bucketName}`,
      StateMachineArn: stateMachine.stateMachineArn,
      ...(gpu === undefined
        ? {}
        : { SpotQueueArn: gpu.spotQueue.jobQueueArn, OnDemandQueueArn: gpu.onDemandQueue.jobQueueArn }),
      FargateQueueArn: fargate.queue.jobQueueArn,
      FargateSpotQueueArn: fargate.spotQueue.jobQueueArn,
      ScheduleGroup: schedules.group.scheduleGroupName,
      ScheduleRoleArn: schedules.role.roleArn,
      MissedSchedulesArn: schedules.missed.queueArn,
      TopicArn: topic.topicArn,
      CpuRepository: images.cpu.repositoryUri,
      ...(images.gpu === undefined ? {} : { GpuRepository: images.gpu.repositoryUri }),
      ImageTag: imageTag,
      TrainTimeoutHours: String(settings.trainTimeoutHours),
    });
  }

  private limitRoles(boundary: string): void {
    PermissionsBoundary.of(this).apply(
      boundary.startsWith('arn:')
        ? ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', boundary)
        : ManagedPolicy.fromManagedPolicyName(this, 'Boundary', boundary),
    );
  }

  private outputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}

/** The next longer retention time, because CloudWatch Logs supports only certain ones. */
function logRetentionOf(days: number): RetentionDays {
  const known: number[] = Object.values(RetentionDays).filter((value) => typeof value === 'number');
  return known.sort((a, b) => a - b).find((value) => value >= days) ?? RetentionDays.TEN_YEARS;
}
