import { Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface NetworkProps {
  /** Availability zones. */
  readonly zones: number;
  readonly logRetention: RetentionDays;
}

/**
 * Public subnets without ingress. Jobs reach images (ECR), logs and their control plane through the internet gateway,
 * which costs nothing. A NAT gateway (about 32 dollars per month and zone) or interface endpoints (about 7 dollars per
 * month, zone and service) would be the largest idle cost of the whole stack. S3, which carries the data, has a gateway
 * endpoint, which is free.
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;

  constructor(scope: Construct, id: string, { zones, logRetention }: NetworkProps) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      // Zones are named by number, so that a template for any account and region has as many as the settings ask for.
      availabilityZones: Array.from({ length: zones }, (_, zone) => Fn.select(zone, Fn.getAzs())),
      natGateways: 0,
      subnetConfiguration: [{ name: 'jobs', subnetType: SubnetType.PUBLIC, cidrMask: 20, mapPublicIpOnLaunch: true }],
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    const logGroup = new LogGroup(this, 'RejectedTraffic', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    vpc.addFlowLog('Rejected', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: FlowLogTrafficType.REJECT,
    });
    this.vpc = vpc;
    this.securityGroup = new SecurityGroup(this, 'Jobs', {
      vpc,
      description: 'Bakeoff jobs: no way in, HTTPS out',
      allowAllOutbound: true,
    });
  }
}
