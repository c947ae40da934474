import type { TrainingCompute } from '@bakeoff/core';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';

/**
 * The repositories of the images: scanned on push, encrypted, and kept small. `infra/push-images.sh` fills them. A tag
 * is a commit, and names the same image forever.
 */
export class ImageRepositories extends Construct {
  readonly cpu: Repository;
  /** Absent in a deployment that trains on CPUs. */
  readonly gpu?: Repository;

  constructor(scope: Construct, id: string, { compute }: { readonly compute: TrainingCompute }) {
    super(scope, id);
    this.cpu = this.repository('Cpu');
    if (compute === 'gpu') this.gpu = this.repository('Gpu');
  }

  private repository(id: string): Repository {
    return new Repository(this, id, {
      imageScanOnPush: true,
      encryption: RepositoryEncryption.AES_256,
      imageTagMutability: TagMutability.IMMUTABLE,
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
      lifecycleRules: [
        {
          rulePriority: 1,
          description: 'images that no tag names',
          tagStatus: TagStatus.UNTAGGED,
          maxImageAge: Duration.days(7),
        },
        { rulePriority: 2, description: 'all but the last five', tagStatus: TagStatus.ANY, maxImageCount: 5 },
      ],
    });
  }
}
