// Runs the S3 store's conformance and fault suites, and the commands that read stores, against a second real server:
// versitygw, built from the Go module proxy.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, has, report, run, skip, tail, vitest } from '../support/checks.mjs';

const VERSION = 'v1.8.0';
const server = join(cache, 'go/bin/versitygw');
if (!existsSync(server) && run('go', ['version']).passed)
  run('go', ['install', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`], {
    env: { ...process.env, GOBIN: join(cache, 'go/bin'), GOFLAGS: '-mod=mod' },
  });
if (!existsSync(server) || !has(server)) skip('S3 store against versitygw', 'it could not be built from Go modules');
else await check();

async function check() {
  const folder = mkdtempSync(join(tmpdir(), 'versitygw-'));
  mkdirSync(join(folder, 'bakeoff'));
  const port = await freePort();
  const keys = { AWS_ACCESS_KEY_ID: 'bakeoff', AWS_SECRET_ACCESS_KEY: 'bakeoff-secret' };
  const child = spawn(
    server,
    [
      '--port',
      `127.0.0.1:${port}`,
      '--access',
      keys.AWS_ACCESS_KEY_ID,
      '--secret',
      keys.AWS_SECRET_ACCESS_KEY,
      'posix',
      folder,
    ],
    { stdio: 'ignore' },
  );
  try {
    await answering(port);
    const environment = {
      ...keys,
      BAKEOFF_TEST_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      BAKEOFF_TEST_S3_BUCKET: 'bakeoff',
    };
    const suites = vitest('core', ['src/s3'], environment);
    report(
      'the S3 store passes its conformance and fault suites against versitygw',
      suites.passed,
      suites.passed ? VERSION : tail(suites),
    );
    const commands = vitest('test', ['processes/s3.test.ts'], { ...environment, BAKEOFF_EVERY_TEST: '1' });
    report(
      'run, watch, ls, show, status, logs, open and rm work on versitygw',
      commands.passed,
      commands.passed ? VERSION : tail(commands),
    );
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function answering(port) {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('versitygw does not answer');
}
