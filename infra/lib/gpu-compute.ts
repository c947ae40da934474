import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AllocationStrategy,
  EcsMachineImageType,
  JobQueue,
  JobStateTimeLimitActionsAction,
  JobStateTimeLimitActionsReason,
  JobStateTimeLimitActionsState,
  ManagedEc2EcsComputeEnvironment,
  type CfnComputeEnvironment,
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
  /** Minutes for which the first job of the Spot queue may wait for capacity before Batch ends it. */
  readonly capacityTimeoutMinutes: number;
}

const ROOT_VOLUME_GIB = 60;

/** The longest wait that Batch can limit. */
const DAY_MINUTES = 24 * 60;
/** The shortest one; waiting does not change a configuration. */
const MISCONFIGURATION_MINUTES = 10;

/**
 * GPU instances that exist only while jobs run (minimum 0 vCPUs): a Spot queue, and an on-demand queue for jobs that
 * Spot could not place. One queue with both environments would move jobs to on-demand whenever Spot is full (the
 * scheduler takes the next environment if the first "can't provide a suitable compute resource"), and reports differ on
 * whether it does so for a lack of capacity. So the state machine moves a job when it sees the cause with which the
 * queue ended it.
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
    const environment = (name: string, spot: boolean) => {
      const made = new ManagedEc2EcsComputeEnvironment(this, name, {
        vpc: props.network.vpc,
        vpcSubnets: props.network.subnets,
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
        // Its driver, 580 in late 2026, runs the GPU image's CUDA 12, which needs 525.60.13 or newer (docs/gpu.md).
        images: [{ imageType: EcsMachineImageType.ECS_AL2023_NVIDIA }],
        minvCpus: 0,
        maxvCpus: props.maxVcpus,
        updateToLatestImageVersion: true,
      });
      // Without a number, Batch takes the template's default version, which stays the first one.
      (made.node.defaultChild as CfnComputeEnvironment).addPropertyOverride(
        'ComputeResources.LaunchTemplate.Version',
        launchTemplate.latestVersionNumber,
      );
      return made;
    };
    this.spotQueue = this.queue('SpotQueue', environment('Spot', true), props.capacityTimeoutMinutes);
    this.onDemandQueue = this.queue('OnDemandQueue', environment('OnDemand', false));
    for (const child of [launchTemplate, instanceRole]) child.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }

  private queue(
    id: string,
    computeEnvironment: ManagedEc2EcsComputeEnvironment,
    capacityTimeoutMinutes?: number,
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
 * Ends the first job of a queue if it waits in RUNNABLE for one of the causes that Batch can limit, so that the job does
 * not look like a running one, and the jobs behind it get their turn. For other causes, the state machine's own limit
 * applies.
 */
export function stuckJobActions(capacityMinutes: number = DAY_MINUTES) {
  const minutes = {
    [JobStateTimeLimitActionsReason.INSUFFICIENT_INSTANCE_CAPACITY]: capacityMinutes,
    [JobStateTimeLimitActionsReason.COMPUTE_ENVIRONMENT_MAX_RESOURCE]: MISCONFIGURATION_MINUTES,
    [JobStateTimeLimitActionsReason.JOB_RESOURCE_REQUIREMENT]: MISCONFIGURATION_MINUTES,
  };
  return Object.entries(minutes).map(([reason, longest]) => ({
    action: JobStateTimeLimitActionsAction.CANCEL,
    maxTime: Duration.minutes(longest),
    reason: reason as JobStateTimeLimitActionsReason,
    state: JobStateTimeLimitActionsState.RUNNABLE,
  }));
}
