import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketLoggingCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  S3Client,
} from '@aws-sdk/client-s3';
import { UserError } from '../user-error.ts';
import { explainS3Error } from './s3-errors.ts';
import type { S3StoreOptions } from './s3-store.ts';
import { parseS3Url } from './s3-url.ts';

/** Removes buckets with everything in them: every version of every object, and the markers of removed ones. */
export class BucketRemover {
  private readonly client: S3Client;

  constructor({ region, endpoint }: Pick<S3StoreOptions, 'region' | 'endpoint'> = {}) {
    this.client = new S3Client({ region, endpoint, forcePathStyle: endpoint !== undefined });
  }

  /** The bucket that keeps the access logs of a bucket, given by its URL; undefined if there is none. */
  async accessLogsOf(url: string): Promise<string | undefined> {
    const { bucket } = parseS3Url(url);
    const { LoggingEnabled } = await this.explained('read', url, () =>
      this.client.send(new GetBucketLoggingCommand({ Bucket: bucket })),
    );
    return LoggingEnabled?.TargetBucket === undefined ? undefined : `s3://${LoggingEnabled.TargetBucket}`;
  }

  /** @returns How many versions of objects it removed. */
  async remove(url: string): Promise<number> {
    const { bucket } = parseS3Url(url);
    let removed = 0;
    for (;;) {
      // Always the first page: the objects of earlier ones are gone.
      const { Versions = [], DeleteMarkers = [] } = await this.explained('list', url, () =>
        this.client.send(new ListObjectVersionsCommand({ Bucket: bucket })),
      );
      const objects = [...Versions, ...DeleteMarkers].flatMap(({ Key, VersionId }) =>
        Key === undefined ? [] : { Key, VersionId },
      );
      if (objects.length === 0) break;
      await this.removeObjects(url, bucket, objects);
      removed += objects.length;
    }
    await this.explained('delete', url, () => this.client.send(new DeleteBucketCommand({ Bucket: bucket })));
    return removed;
  }

  private async removeObjects(url: string, bucket: string, objects: ObjectIdentifier[]): Promise<void> {
    // A request takes a thousand; a page can have as many versions and as many markers.
    for (let from = 0; from < objects.length; from += 1000) {
      const { Errors: [failed] = [] } = await this.explained('delete', url, () =>
        this.client.send(
          new DeleteObjectsCommand({
            Bucket: bucket,
            Delete: { Objects: objects.slice(from, from + 1000), Quiet: true },
          }),
        ),
      );
      if (failed !== undefined)
        throw new UserError({
          what: `cannot delete ${url}/${failed.Key}`,
          received: `${failed.Code}: ${failed.Message}`,
          fix: 'use credentials that may delete versions of objects (s3:DeleteObjectVersion)',
        });
    }
  }

  private async explained<T>(action: 'read' | 'list' | 'delete', url: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw explainS3Error(error, action, url);
    }
  }
}
