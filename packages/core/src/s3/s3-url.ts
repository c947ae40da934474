import { checkStorePrefix } from '../store-key.ts';
import { UserError } from '../user-error.ts';

/** Where a store is in S3. */
export interface S3Location {
  readonly bucket: string;
  /** '' or a key prefix that ends with '/'. */
  readonly prefix: string;
  /** The URL in its normal form, without a slash at the end. */
  readonly url: string;
}

/** S3's rules for bucket names, except for a few reserved beginnings and endings. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Takes `s3://bucket/prefix` apart.
 * @throws UserError if it has another form.
 */
export function parseS3Url(url: string): S3Location {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(url) ?? [];
  if (!BUCKET.test(bucket)) {
    throw new UserError({
      what: 'this S3 URL does not name a bucket',
      received: JSON.stringify(url),
      allowed: 's3://bucket or s3://bucket/prefix; buckets have 3 to 63 lowercase letters, digits, "." and "-"',
      fix: 'write the name of the bucket after s3://',
    });
  }
  const trimmed = path.replace(/\/+$/, '');
  checkStorePrefix(trimmed);
  return {
    bucket,
    prefix: trimmed === '' ? '' : `${trimmed}/`,
    url: trimmed === '' ? `s3://${bucket}` : `s3://${bucket}/${trimmed}`,
  };
}
