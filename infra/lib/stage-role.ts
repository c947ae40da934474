import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { stagePermissions } from './stage-permissions.ts';
import type { JobName } from './stage-permissions.ts';

/** What one stage's job may do: read, write, remove and list under its own prefixes of the artifact bucket; nothing else. */
export class StageRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { stage, bucket }: { readonly stage: JobName; readonly bucket: IBucket }) {
    super(scope, id);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'), description: `Bakeoff stage ${stage}` });
    const { read, write, remove, list } = stagePermissions[stage];
    this.allow(['s3:GetObject'], bucket, read);
    this.allow(['s3:PutObject', 's3:AbortMultipartUpload'], bucket, write);
    this.allow(['s3:DeleteObject'], bucket, remove);
    // Without the right to list, S3 answers 403 instead of 404 for an object that is not there: readers need to tell the two apart.
    this.role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: { StringLike: { 's3:prefix': [...new Set([...list, ...read])].map((prefix) => `${prefix}*`) } } }));
  }

  private allow(actions: string[], bucket: IBucket, prefixes: readonly string[]): void {
    if (prefixes.length > 0) this.role.addToPolicy(new PolicyStatement({ actions, resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)) }));
  }
}
