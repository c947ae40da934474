import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoreFlaw } from './store-conformance.ts';
import type { S3StoreOptions } from '../s3/s3-store.ts';

export interface S3TestServer {
  readonly bucket: string;
  readonly endpoint: string;
  /** The options for opening a store on this server. */
  readonly options: S3StoreOptions;
  /** How the server differs from S3. */
  readonly flaws: readonly StoreFlaw[];
  /** The most objects that it lists at once. */
  readonly objectsPerPage: number;
  close(): Promise<void>;
}

/** A real S3 server from npm (s3rver) in a process of its own, with one empty bucket; for test files only. */
async function startLocalS3(): Promise<S3TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'bakeoff-s3-'));
  const bucket = 'bakeoff-test';
  const objectsPerPage = 100;
  const child = fork(
    fileURLToPath(new URL('./local-s3-process.mjs', import.meta.url)),
    [directory, bucket, String(objectsPerPage)],
    {
      execArgv: ['--openssl-legacy-provider', '--no-deprecation'],
    },
  );
  const [port] = (await once(child, 'message')) as [number];
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    bucket,
    endpoint,
    options: { endpoint, credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' } },
    flaws: ['decidesNoRaces', 'breaksEmptyRanges', 'tearsReads'],
    objectsPerPage,
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * The server that the S3 tests run against: the one named by BAKEOFF_TEST_S3_ENDPOINT and BAKEOFF_TEST_S3_BUCKET
 * (credentials as the AWS SDK finds them) and expected to have no flaws; otherwise a local one.
 */
export async function startTestS3(): Promise<S3TestServer> {
  const { BAKEOFF_TEST_S3_ENDPOINT: endpoint, BAKEOFF_TEST_S3_BUCKET: bucket } = process.env;
  if (endpoint === undefined || bucket === undefined) return startLocalS3();
  return { bucket, endpoint, options: { endpoint }, flaws: [], objectsPerPage: 1000, close: async () => undefined };
}
