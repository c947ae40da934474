import { Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  SecurityGroup,
  Subnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface NetworkProps {
  /** Availability zones. */
  readonly zones: number;
  /** An existing VPC, whose subnets, endpoints and flow logs are its owner's; null: a new one. */
  readonly vpcId: string | null;
  readonly subnetIds: readonly string[];
  readonly publicIps: boolean;
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
  /** Where jobs run; undefined: in every subnet of the VPC. */
  readonly subnets: SubnetSelection | undefined;
  readonly securityGroup: ISecurityGroup;
  /** Whether Fargate tasks get public addresses; instances get them from their subnet. */
  readonly publicIps: boolean;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { vpcId, subnetIds, publicIps } = props;
    this.publicIps = publicIps;
    this.vpc = vpcId === null ? this.ownVpc(props) : this.existingVpc(vpcId);
    this.subnets =
      vpcId === null
        ? undefined
        : { subnets: subnetIds.map((subnetId) => Subnet.fromSubnetAttributes(this, subnetId, { subnetId })) };
    this.securityGroup = new SecurityGroup(this, 'Jobs', {
      vpc: this.vpc,
      description: 'Bakeoff jobs: no way in, HTTPS out',
      allowAllOutbound: true,
    });
  }

  /** By its id alone, so that a synthesis needs no account. Nothing reads the zones, which CDK wants to know. */
  private existingVpc(vpcId: string): IVpc {
    return Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: ['any'] });
  }

  private ownVpc({ zones, logRetention }: NetworkProps): Vpc {
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
    return vpc;
  }
}
