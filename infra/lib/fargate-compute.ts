import { FargateComputeEnvironment, JobQueue } from 'aws-cdk-lib/aws-batch';
import { Construct } from 'constructs';
import { stuckJobActions } from './gpu-compute.ts';
import type { Network } from './network.ts';

export interface FargateComputeProps {
  readonly network: Network;
  /** Most vCPUs of concurrent tasks. */
  readonly maxVcpus: number;
}

/** Compute for every stage except training: Fargate tasks, billed by the second. */
export class FargateCompute extends Construct {
  readonly queue: JobQueue;

  constructor(scope: Construct, id: string, { network, maxVcpus }: FargateComputeProps) {
    super(scope, id);
    const computeEnvironment = new FargateComputeEnvironment(this, 'Environment', {
      vpc: network.vpc,
      securityGroups: [network.securityGroup],
      maxvCpus: maxVcpus,
    });
    this.queue = new JobQueue(this, 'Queue', {
      computeEnvironments: [{ computeEnvironment, order: 1 }],
      jobStateTimeLimitActions: stuckJobActions(),
    });
  }
}
