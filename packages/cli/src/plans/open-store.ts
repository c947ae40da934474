import { openStore as open, type Store } from '@bakeoff/core';

/** Opens a store by its URL: `s3://bucket/prefix`, or a folder, which the first write creates. */
export async function openStore(url: string): Promise<Store> {
  // A server other than Amazon's is addressed with the bucket in the path, so the store must know the endpoint.
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'] || process.env['AWS_ENDPOINT_URL'] || undefined;
  return open(url, { s3: { endpoint, region: process.env['AWS_REGION'] || undefined } });
}
