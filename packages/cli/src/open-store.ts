import { type Store, UserError } from '@bakeoff/core';
import { FileStore } from '@bakeoff/core/file';

/** Opens a store by its URL: `s3://bucket/prefix`, or a folder, which the first write creates. The S3 client is loaded only for S3. */
export async function openStore(url: string): Promise<Store> {
  if (url.startsWith('s3:')) {
    const { S3Store } = await import('@bakeoff/core/s3');
    // Another server than Amazon's is addressed with its buckets in the path: to know that, the store has to hear of it.
    return S3Store.open(url, { endpoint: process.env['AWS_ENDPOINT_URL_S3'] || process.env['AWS_ENDPOINT_URL'] || undefined, region: process.env['AWS_REGION'] || undefined });
  }
  // One letter before the colon is a Windows drive.
  if (url === '' || /^[a-z][a-z0-9+.-]+:/i.test(url)) {
    throw new UserError({ what: 'no store can be opened by this URL', received: JSON.stringify(url), allowed: 'a folder such as ./out, or s3://bucket/prefix' });
  }
  return new FileStore(url);
}
