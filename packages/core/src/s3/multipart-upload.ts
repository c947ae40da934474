import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Parts uploaded at the same time. */
const CONCURRENCY = 4;

export interface MultipartUpload {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
  readonly Metadata?: Record<string, string>;
  readonly IfNoneMatch?: '*';
}

/**
 * Uploads a body in parts of `partBytes` (S3 takes 5 MiB to 5 GiB per part, and 10,000 parts). The object appears when
 * the last request succeeds. After a failure, the parts sent so far are removed, because they would be billed.
 */
export async function uploadInParts(
  client: S3Client,
  body: Uint8Array,
  partBytes: number,
  { Metadata, ContentType, IfNoneMatch, ...object }: MultipartUpload,
): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...object, Metadata, ContentType }));
  try {
    const count = Math.ceil(body.length / partBytes);
    const parts: CompletedPart[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count) {
        const index = next++;
        const { ETag } = await client.send(
          new UploadPartCommand({
            ...object,
            UploadId,
            PartNumber: index + 1,
            Body: body.subarray(index * partBytes, (index + 1) * partBytes),
          }),
        );
        parts[index] = { ETag, PartNumber: index + 1 };
      }
    };
    const settled = await Promise.allSettled(Array.from({ length: Math.min(CONCURRENCY, count) }, work));
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await client.send(
      new CompleteMultipartUploadCommand({ ...object, UploadId, IfNoneMatch, MultipartUpload: { Parts: parts } }),
    );
  } catch (error) {
    // A second failure here would only hide that the upload failed.
    await client.send(new AbortMultipartUploadCommand({ ...object, UploadId })).catch(() => undefined);
    throw error;
  }
}
