import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Store } from '@bakeoff/core/s3';
import { FileStore } from '@bakeoff/core/file';
import { sha256, type Store } from '@bakeoff/core';
import { type S3TestServer, startTestS3 } from '@bakeoff/core/testing';
import { bakeoff, temporaryFolder } from '../support/bakeoff.ts';
import { TINY_MODEL, writeTinyManifest } from '../support/manifests.ts';

const timeout = 180_000;

describe('a store on an S3 server', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: S3TestServer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startTestS3();
  }, timeout);
  afterAll(async () => {
    await server.close();
    await folder.remove();
  });

  it(
    'holds the same bytes as a folder after the same run, and finished work is not repeated',
    async () => {
      const manifest = await writeTinyManifest(folder.path, {
        epochs: 1,
        experiments: `  - { id: only, model: ${TINY_MODEL} }`,
      });
      const { credentials } = server.options;
      const env = {
        ...process.env,
        AWS_ENDPOINT_URL: server.endpoint,
        ...(credentials === undefined
          ? {}
          : { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey }),
      };
      const url = `s3://${server.bucket}/pipeline`;
      const remote = await bakeoff(['run', manifest, '--store', url, '--engine', 'wasm'], { cwd: folder.path, env });
      expect(remote).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`report: ${url}/reports/latest/tiny/index.html`) as string,
      });
      expect(
        await bakeoff(['run', manifest, '--store', url, '--engine', 'wasm'], { cwd: folder.path, env }),
      ).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') as string });

      expect(await bakeoff(['run', manifest, '--engine', 'wasm'], { cwd: folder.path })).toMatchObject({ code: 0 });
      const local = await digests(new FileStore(join(folder.path, 'out')));
      expect(Object.keys(local).length).toBeGreaterThan(10);
      expect(await digests(S3Store.open(url, server.options))).toEqual(local);
    },
    timeout,
  );
});

/** SHA-256 by key of what does not depend on the machine or the day. */
async function digests(store: Store): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { key } of store.list('')) {
    if (!key.includes('/measurements/') && !key.endsWith('index.html'))
      found[key] = sha256((await store.get(key)) ?? '');
  }
  return found;
}
