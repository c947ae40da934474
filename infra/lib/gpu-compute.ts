import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AllocationStrategy,
  EcsMachineImageType,
  JobQueue,
  JobStateTimeLimitActionsAction,
  JobStateTimeLimitActionsReason,
  JobStateTimeLimitActionsState,
  ManagedEc2EcsComputeEnvironment,
} from 'aws-cdk-lib/aws-batch';
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  MultipartBody,
  MultipartUserData,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Network } from './network.ts';

export interface GpuComputeProps {
  readonly network: Network;
  /** Families such as g4dn and sizes such as xlarge. Every combination is offered to Batch. */
  readonly instanceFamilies: readonly string[];
  readonly instanceSizes: readonly string[];
  /** Most vCPUs of Spot instances, and of on-demand instances. */
  readonly maxVcpus: number;
  /** Minutes in RUNNABLE after which a job ends with the cause of the wait. */
  readonly capacityTimeoutMinutes: number;
}

const ROOT_VOLUME_GIB = 60;

/**
 * GPU instances that exist only while jobs run (minimum 0 vCPUs): a Spot queue, and an on-demand queue for jobs that
 * Spot could not place. Batch does not move a job to another compute environment if Spot has no capacity. The state
 * machine does, when it sees the cause with which the queue ended the job.
 */
export class GpuCompute extends Construct {
  readonly spotQueue: JobQueue;
  readonly onDemandQueue: JobQueue;

  constructor(scope: Construct, id: string, props: GpuComputeProps) {
    super(scope, id);
    const instanceRole = new Role(this, 'InstanceRole', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role')],
    });
    acknowledge(instanceRole, {
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role]':
        'the ECS agent needs what AWS maintains in this policy',
    });
    const launchTemplate = new LaunchTemplate(this, 'Template', {
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(ROOT_VOLUME_GIB, {
            volumeType: EbsDeviceVolumeType.GP3,
            encrypted: true,
            deleteOnTermination: true,
          }),
        },
      ],
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      // One hop more than for the host, so that the trainer's container can read the Spot notice.
      httpPutResponseHopLimit: 2,
      userData: ecsAgentSettings(),
    });
    const environment = (name: string, spot: boolean) =>
      new ManagedEc2EcsComputeEnvironment(this, name, {
        vpc: props.network.vpc,
        securityGroups: [props.network.securityGroup],
        instanceRole,
        launchTemplate,
        spot,
        instanceTypes: props.instanceFamilies.flatMap((family) =>
          props.instanceSizes.map((size) => new InstanceType(`${family}.${size}`)),
        ),
        useOptimalInstanceClasses: false,
        allocationStrategy: spot
          ? AllocationStrategy.SPOT_PRICE_CAPACITY_OPTIMIZED
          : AllocationStrategy.BEST_FIT_PROGRESSIVE,
        images: [{ imageType: EcsMachineImageType.ECS_AL2023_NVIDIA }],
        minvCpus: 0,
        maxvCpus: props.maxVcpus,
        updateToLatestImageVersion: true,
      });
    this.spotQueue = this.queue('SpotQueue', environment('Spot', true), props);
    this.onDemandQueue = this.queue('OnDemandQueue', environment('OnDemand', false), props);
    for (const child of [launchTemplate, instanceRole]) child.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }

  private queue(
    id: string,
    computeEnvironment: ManagedEc2EcsComputeEnvironment,
    { capacityTimeoutMinutes }: GpuComputeProps,
  ): JobQueue {
    return new JobQueue(this, id, {
      computeEnvironments: [{ computeEnvironment, order: 1 }],
      jobStateTimeLimitActions: stuckJobActions(capacityTimeoutMinutes),
    });
  }
}

/**
 * After a Spot notice the ECS agent accepts no further jobs. Otherwise Batch could start the next attempt on the
 * instance that is about to be reclaimed. The user data is in MIME parts because Batch adds one of its own.
 */
function ecsAgentSettings(): MultipartUserData {
  const parts = new MultipartUserData();
  parts.addUserDataPart(UserData.forLinux(), MultipartBody.SHELL_SCRIPT, true);
  parts.addCommands('echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config');
  return parts;
}

/**
 * Ends a job that waits in RUNNABLE, for each cause that Batch can name, so that a stuck job does not look like a
 * running one.
 */
export function stuckJobActions(minutes: number) {
  return [
    JobStateTimeLimitActionsReason.INSUFFICIENT_INSTANCE_CAPACITY,
    JobStateTimeLimitActionsReason.COMPUTE_ENVIRONMENT_MAX_RESOURCE,
    JobStateTimeLimitActionsReason.JOB_RESOURCE_REQUIREMENT,
  ].map((reason) => ({
    action: JobStateTimeLimitActionsAction.CANCEL,
    maxTime: Duration.minutes(minutes),
    reason,
    state: JobStateTimeLimitActionsState.RUNNABLE,
  }));
}
