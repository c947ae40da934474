import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployedTemplate } from './testing/deployed-stack.ts';

// `test/extended/aws` synthesizes more combinations, and passes each to cfn-lint and cdk-nag.

let template: Template;
beforeAll(() => {
  // In one, because each synthesis takes seconds.
  template = deployedTemplate({
    compute: 'cpu',
    vpcId: 'vpc-1',
    subnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
    publicIps: false,
    permissionsBoundary: 'Boundary',
  });
}, 120_000);

describe('a deployment that trains on CPUs', () => {
  it('has nothing that needs a GPU or a quota for one', () => {
    template.resourceCountIs('AWS::Batch::ComputeEnvironment', 2);
    template.resourceCountIs('AWS::EC2::LaunchTemplate', 0);
    template.resourceCountIs('AWS::ECR::Repository', 1);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/g4dn|"GPU"|tensorflow-gpu/);
  });

  it('tells commands so by its outputs', () => {
    const outputs = Object.keys(template.findOutputs('*'));
    expect(outputs).toEqual(expect.arrayContaining(['FargateQueueArn', 'FargateSpotQueueArn', 'CpuRepository']));
    expect(outputs.filter((name) => /^(SpotQueue|OnDemandQueue|GpuRepository)/.test(name))).toEqual([]);
  });

  it('trains every run on Fargate', () => {
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    const definition = JSON.stringify(machine);
    expect(definition).toContain('Train on CPU');
    expect(definition).not.toContain('On which compute?');
  });
});

describe('a deployment in an existing network, with a permissions boundary', () => {
  it('makes nothing of a network but its own security group', () => {
    const made = Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>)
      .map(({ Type }) => Type)
      .filter((type) => /^AWS::EC2::(?!LaunchTemplate)/.test(type));
    expect(made).toEqual(['AWS::EC2::SecurityGroup']);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-1', SecurityGroupIngress: Match.absent() });
  });

  it('runs every job in its subnets, without public addresses', () => {
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', {
      ComputeResources: { Subnets: ['subnet-1', 'subnet-2', 'subnet-3'] },
    });
    template.resourcePropertiesCountIs(
      'AWS::Batch::JobDefinition',
      { ContainerProperties: { NetworkConfiguration: { AssignPublicIp: 'DISABLED' } } },
      6,
    );
  });

  it('limits every role', () => {
    template.allResourcesProperties('AWS::IAM::Role', {
      PermissionsBoundary: {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':policy/Boundary']],
      },
    });
  });
});
