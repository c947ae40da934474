import { FargateComputeEnvironment, JobQueue } from 'aws-cdk-lib/aws-batch';
import { Construct } from 'constructs';
import { stuckJobActions } from './gpu-compute.ts';
import type { Network } from './network.ts';

export interface FargateComputeProps {
  readonly network: Network;
  /** Most vCPUs of concurrent tasks, on demand and on Spot separately. */
  readonly maxVcpus: number;
  /** Minutes for which the first job of the Spot queue may wait for capacity before Batch ends it. */
  readonly capacityTimeoutMinutes: number;
}

/**
 * Fargate tasks, billed by the second: on demand for every stage except training, and for trainings without a GPU that
 * found no capacity on Fargate Spot.
 */
export class FargateCompute extends Construct {
  readonly queue: JobQueue;
  /** Trainings without a GPU. An interrupted one resumes from its checkpoint. */
  readonly spotQueue: JobQueue;

  constructor(scope: Construct, id: string, { network, maxVcpus, capacityTimeoutMinutes }: FargateComputeProps) {
    super(scope, id);
    const environment = (name: string, spot: boolean) =>
      new FargateComputeEnvironment(this, name, {
        vpc: network.vpc,
        vpcSubnets: network.subnets,
        securityGroups: [network.securityGroup],
        maxvCpus: maxVcpus,
        spot,
      });
    this.queue = new JobQueue(this, 'Queue', {
      computeEnvironments: [{ computeEnvironment: environment('Environment', false), order: 1 }],
      jobStateTimeLimitActions: stuckJobActions(),
    });
    this.spotQueue = new JobQueue(this, 'SpotQueue', {
      computeEnvironments: [{ computeEnvironment: environment('SpotEnvironment', true), order: 1 }],
      jobStateTimeLimitActions: stuckJobActions(capacityTimeoutMinutes),
    });
  }
}
