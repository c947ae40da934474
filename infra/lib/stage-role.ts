import { type JobName, jobs } from '@bakeoff/core';
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/**
 * What one stage's job may do: read, write, remove and list under its own prefixes of the artifact bucket, and nothing
 * else.
 */
export class StageRole extends Construct {
  readonly role: Role;
  private readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { job, bucket }: { readonly job: JobName; readonly bucket: Bucket }) {
    super(scope, id);
    this.bucket = bucket;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: `Bakeoff stage ${job}`,
    });
    const { reads, writes, removes } = jobs[job].store;
    this.allow(['s3:GetObject'], reads);
    this.allow(['s3:PutObject', 's3:AbortMultipartUpload'], writes);
    this.allow(['s3:DeleteObject'], removes);
    // Without the right to list, S3 answers 403 instead of 404 for an absent object, and readers need to distinguish
    // the two.
    const prefixes = reads.map((prefix) => `${prefix}*`);
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': prefixes } },
      }),
    );
  }

  private allow(actions: string[], prefixes: readonly string[]): void {
    if (prefixes.length === 0) return;
    this.role.addToPolicy(
      new PolicyStatement({ actions, resources: prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}*`)) }),
    );
    const logicalId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    for (const prefix of prefixes)
      acknowledge(this.role, {
        [`IAM5[Resource::<${logicalId}.Arn>/${prefix}*]`]:
          'the objects of one prefix of the artifact bucket: their names are hashes made at run time',
      });
  }
}
