import { prefixes } from '@bakeoff/core';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface ArtifactBucketProps {
  /** Days after which noncurrent versions and unfinished uploads expire. */
  readonly noncurrentVersionDays: number;
}

/** The store of a deployment: encrypted, TLS only, private, versioned, with access logs in a separate bucket. */
export class ArtifactBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { noncurrentVersionDays }: ArtifactBucketProps) {
    super(scope, id);
    const common = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      minimumTLSVersion: 1.2,
    };
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...common,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ expiration: Duration.days(90) }],
    });
    this.bucket = new Bucket(this, 'Artifacts', {
      ...common,
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'artifacts/',
      // Results outlive the stack: `cdk destroy` keeps both buckets. docs/aws.md says how to empty and remove them.
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'noncurrent',
          noncurrentVersionExpiration: Duration.days(noncurrentVersionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
        // A training replaces its checkpoints all the time; the replaced ones would otherwise be stored for a month.
        {
          id: 'checkpoints',
          prefix: prefixes.runs,
          noncurrentVersionExpiration: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
        // Views are large and can be rebuilt from the shards at any time.
        {
          id: 'datasets',
          prefix: prefixes.datasets,
          transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) }],
        },
        {
          id: 'predictions',
          prefix: prefixes.evaluations,
          transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) }],
        },
        { id: 'executions', prefix: prefixes.executions, expiration: Duration.days(365) },
      ],
    });
  }
}
