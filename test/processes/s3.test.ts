import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Store } from '@bakeoff/core/s3';
import { FileStore } from '@bakeoff/core/file';
import { sha256, type Store } from '@bakeoff/core';
import { type S3TestServer, startTestS3 } from '@bakeoff/core/testing';
import { bakeoff, startBakeoff, temporaryFolder } from '../support/bakeoff.ts';
import { until } from '../support/files.ts';
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

  /** For processes that use the server, and caches of their own. */
  function environment(): NodeJS.ProcessEnv {
    const { credentials } = server.options;
    return {
      ...process.env,
      XDG_CACHE_HOME: join(folder.path, 'cache'),
      AWS_ENDPOINT_URL: server.endpoint,
      ...(credentials === undefined
        ? {}
        : { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey }),
    };
  }

  it(
    'holds the same bytes as a folder after the same run, and finished work is not repeated',
    async () => {
      const manifest = await writeTinyManifest(folder.path, {
        epochs: 1,
        experiments: `  - { id: only, model: ${TINY_MODEL} }`,
      });
      const env = environment();
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

  it(
    'is watched from one process while another runs there, and read, compared and cleared by the other commands',
    async () => {
      const manifest = await writeTinyManifest(folder.path, { epochs: 3 });
      const store = ['--store', `s3://${server.bucket}/watched`];
      const call = (...args: string[]) => bakeoff([...args, ...store], { cwd: folder.path, env: environment() });
      const watching = startBakeoff(['watch', manifest, ...store], { cwd: folder.path, env: environment() });
      const address = await new Promise<string>((resolve) =>
        watching.child.stdout?.once('data', (text: string) => resolve(text.trim())),
      );
      let events = '';
      const stop = new AbortController();
      const listening = listen(address.replace('/?', '/events?'), (text) => (events += text), stop.signal);
      expect(await call('run', manifest, '--engine', 'wasm')).toMatchObject({ code: 0 });
      await until(async () => (/2 of 2 trainings finished/.test(events) ? true : undefined), 'the last event', 30_000);
      stop.abort();
      await expect(listening).rejects.toThrow();
      watching.child.kill('SIGINT');
      expect((await watching.ended).stderr).toContain('Watching tiny in s3://');

      const said = async (...args: string[]) => {
        const { code, stdout, stderr } = await call(...args);
        expect({ args, code, stderr }).toMatchObject({ args, code: 0 });
        return stdout;
      };
      expect(await said('ls')).toMatch(/tiny +2 of 2 +yes/);
      expect(await said('status')).toContain('2 runs: 2 evaluated');
      expect(await said('logs', 'first')).toMatch(/ {2}epoch 3 · .*validation.*\n {2}finished at step 24/);
      expect(await said('show', 'first', 'second')).toMatch(/batchSize +25 +50/);
      expect(await said('open')).toMatch(/tiny\.html\n$/);
      expect(await said('rm', 'tiny', '--yes')).toMatch(/removed \d+ objects/);
      expect(await said('ls')).toContain('nothing is stored here');
    },
    timeout,
  );
});

/** What the server's address sends, as it arrives. */
async function listen(url: string, seen: (text: string) => void, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal });
  const decoder = new TextDecoder();
  for await (const part of response.body!) seen(decoder.decode(part, { stream: true }));
}

/** SHA-256 by key of what does not depend on the machine or the day. */
async function digests(store: Store): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { key } of store.list('')) {
    if (!key.includes('/measurements/') && !key.endsWith('index.html'))
      found[key] = sha256((await store.get(key)) ?? '');
  }
  return found;
}
