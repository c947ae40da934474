import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileStore } from './file/index.ts';
import { MemoryStore } from './memory-store.ts';
import { UserError } from './user-error.ts';
import type { S3StoreOptions } from './s3/index.ts';
import type { Store } from './types/store.ts';

/**
 * Opens a store by its URL: a folder (`./out`, `/data/out`, `file:///data/out`), `s3://bucket/prefix`, or `memory:`
 * (empty each time it is opened). The S3 client is loaded only for `s3:`; nothing is read or written yet.
 * @throws UserError for another scheme or a malformed URL.
 */
export async function openStore(url: string, options: { readonly s3?: S3StoreOptions } = {}): Promise<Store> {
  if (url.startsWith('s3:')) {
    const { S3Store } = await import('./s3/index.ts');
    return S3Store.open(url, options.s3);
  }
  if (url === 'memory:') return new MemoryStore();
  if (url.startsWith('file:')) return new FileStore(fileUrlPath(url));
  // One letter before the colon is a Windows drive.
  if (url === '' || /^[a-z][a-z0-9+.-]+:/i.test(url)) throw malformed(url);
  return new FileStore(resolve(url));
}

function fileUrlPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw malformed(url, error);
  }
}

function malformed(url: string, cause?: unknown): UserError {
  return new UserError(
    {
      what: 'this URL does not name a store',
      received: JSON.stringify(url),
      allowed: 'a folder (./out), s3://bucket/prefix, memory:',
      fix: 'give the folder or the bucket that holds the results',
    },
    { cause },
  );
}
