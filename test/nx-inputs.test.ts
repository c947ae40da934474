import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { repository } from './support/bakeoff.ts';

const nx = join(repository, 'node_modules/nx/dist/bin/nx.js');

interface Inputs {
  readonly files: readonly string[];
  readonly runtime: readonly string[];
}

async function askNx(...args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [nx, 'show', ...args, '--json'], {
    cwd: repository,
    maxBuffer: 2 ** 26,
    env: { ...process.env, NX_ISOLATE_PLUGINS: 'false' },
  });
  return JSON.parse(stdout);
}

/** What nx hashes for a target's cached result, as nx reports it. */
async function inputsOf(target: string): Promise<Inputs> {
  return (await askNx('target', 'inputs', target)) as Inputs;
}

it('every workspace is tested by nx, and the root, which calls nx, is not', async () => {
  const tested = (await askNx('projects', '--with-target', 'test')) as string[];
  const folders = [...(await readdir(join(repository, 'packages'))).map((name) => `packages/${name}`), 'infra', 'test'];
  const names = folders.map(async (folder) => {
    const text = await readFile(join(repository, folder, 'package.json'), 'utf8');
    return (JSON.parse(text) as { name: string }).name;
  });
  expect(tested.toSorted()).toEqual((await Promise.all(names)).toSorted());
});

it("a package's tests depend on their sources, on those of all packages below, and on the machine", async () => {
  const { files, runtime } = await inputsOf('bakeoff:test');
  const read = [
    'packages/cli/src/main.ts',
    'packages/cli/src/progress/plain-view.test.ts',
    'packages/core/src/ids.ts',
    'packages/core/src/testing/small-plan.ts',
    'packages/wasm-kernels/native/gemm.h',
    'packages/wasm-kernels/prebuilt/kernels-simd.wasm',
    'package-lock.json',
    'vitest.config.ts',
  ];
  expect(read.filter((file) => !files.includes(file))).toEqual([]);
  const others = ['README.md', 'packages/report/README.md', 'packages/core/src/random.test.ts'];
  expect(others.filter((file) => files.includes(file))).toEqual([]);
  expect(files.filter((file) => file.startsWith('infra/'))).toEqual([]);
  expect(runtime).toEqual(['node scripts/nx/machine.mjs']);
});

it('the end-to-end tests depend on everything except the documents of the root that no test reads', async () => {
  const { files, runtime } = await inputsOf('@bakeoff/test:test');
  const read = [
    'Dockerfile',
    'compose.yaml',
    'docs/aws.md',
    'experiments/quickstart.yaml',
    'infra/lib/bakeoff-stack.ts',
    'packages/core/src/random.test.ts',
    'schema/manifest.schema.json',
    'scripts/test.mjs',
  ];
  expect(read.filter((file) => !files.includes(file))).toEqual([]);
  expect(files).toContain('README.md');
  expect(files).not.toContain('CHANGELOG.md');
  expect(runtime).toEqual(['node scripts/nx/machine.mjs']);
});
