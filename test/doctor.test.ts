import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, repository, temporaryFolder } from './support/bakeoff.ts';
import { digests } from './support/files.ts';
import { TINY_MODEL, writeTinyManifest } from './support/manifests.ts';

interface Findings {
  readonly automatic: string | null;
  readonly engines: readonly {
    readonly engine: string;
    readonly works: boolean;
    readonly reason?: string;
    readonly versions?: Record<string, string>;
  }[];
  readonly nvidia: { readonly driver: string | null; readonly gpus: readonly { readonly name: string }[] };
  readonly containers: { readonly program: string | null };
  readonly aws: { readonly credentials: string | null };
}

/**
 * Replaces TensorFlow's binding, wherever it is looked up, with a module that ends the process as a broken library
 * does.
 */
const crashingBinding = `
import Module, { register } from 'node:module';
const crash = 'data:text/javascript,process.kill(process.pid, "SIGSEGV"); await new Promise(() => setInterval(() => {}, 1000))';
register('data:text/javascript,' + encodeURIComponent('export async function resolve(name, context, next) { return /tfjs-node$/.test(name) ? { url: ' + JSON.stringify(crash) + ', shortCircuit: true } : next(name, context); }'));
const load = Module._load;
Module._load = function (name, ...rest) {
  if (/tfjs-node$/.test(name)) process.kill(process.pid, 'SIGSEGV');
  return load.call(this, name, ...rest);
};
`;

/** Every engine is loaded in a process of its own. */
const timeout = 120_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'crash.mjs'), crashingBinding);
  for (const name of ['nvidia-smi', 'docker']) {
    const answers = {
      'nvidia-smi': 'echo "0, GPU-1, 550.54.15, 23028, 1, 0, NVIDIA A10G"',
      docker: `echo '{"NCPU":4,"MemTotal":8589934592,"Runtimes":{"nvidia":{}}}'`,
    }[name];
    await writeFile(join(folder.path, name), `#!/bin/sh\n${answers}\n`);
    await chmod(join(folder.path, name), 0o755);
  }
});
afterAll(() => folder.remove());

describe('bakeoff doctor', () => {
  it(
    'says which engines are available, and what the others lack',
    async () => {
      const { code, stdout, stderr } = await bakeoff(['doctor']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^✓ wasm +.*(native-\w+) +tfjs-core 4\.22\.0, tfjs-backend-wasm 4\.22\.0$/m);
      expect(stdout).toMatch(/^✓ cpu +slow, for checks +javascript /m);
      for (const engine of ['tensorflow-gpu', 'tensorflow'])
        expect(stdout).toMatch(new RegExp(`^(✓ ${engine} .*|not ${engine} +\\S.*\n(.*\n)*? +→ \\S)`, 'm'));
      for (const fact of ['Node', 'machine', 'NVIDIA', 'containers', 'AWS'])
        expect(stdout).toMatch(new RegExp(`^${fact} +\\S`, 'm'));
      expect(stdout).toMatch(/^Ready: --engine auto takes \S+\.$/m);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
    },
    timeout,
  );

  it(
    'reports a native library that crashes, and does not crash with it; GPU, container engine and credentials as the machine reports them',
    async () => {
      const env = {
        ...process.env,
        NODE_OPTIONS: `--import ${join(folder.path, 'crash.mjs')}`,
        PATH: `${folder.path}:/bin:/usr/bin`,
        HOME: folder.path,
        AWS_ACCESS_KEY_ID: 'made-up',
        AWS_SECRET_ACCESS_KEY: 'made-up',
        AWS_REGION: undefined,
        AWS_DEFAULT_REGION: 'eu-west-1',
      };
      const { code, stdout } = await bakeoff(['doctor', '--json'], { env });
      expect(code).toBe(0);
      const findings = JSON.parse(stdout) as Findings;
      const { engines } = findings;
      expect(engines.map(({ engine }) => engine)).toEqual(['tensorflow-gpu', 'wasm', 'tensorflow', 'cpu']);
      expect(engines[2]).toMatchObject({ works: false, reason: expect.stringContaining('SIGSEGV') as string });
      expect(engines[1]).toMatchObject({ works: true });
      expect(findings).toMatchObject({
        nvidia: { driver: '550.54.15', gpus: [{ name: 'NVIDIA A10G', memoryTotalMib: 23_028 }] },
        containers: { program: 'docker', cores: 4, memoryMib: 8192, nvidia: true },
        aws: { credentials: 'in the environment', region: 'eu-west-1' },
      });
      expect(stdout).not.toContain('made-up');
    },
    timeout,
  );
});

describe('a run that requests a GPU on a machine without one', () => {
  it(
    'stops before it has done anything, and says why',
    async () => {
      const out = join(folder.path, 'out');
      const { code, stdout, stderr } = await bakeoff(
        ['run', join(repository, 'experiments/quickstart.yaml'), '--engine', 'tensorflow-gpu', '--out', out],
        { env: { ...process.env, CUDA_VISIBLE_DEVICES: '-1' } },
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.match(/^error:/gm)).toHaveLength(1);
      expect(stderr).toContain('the engine tensorflow-gpu finds no GPU: CUDA_VISIBLE_DEVICES hides every GPU');
      expect(stderr).toContain('bakeoff doctor');
    },
    timeout,
  );

  it(
    'removes no results for --force before it has its engine',
    async () => {
      const manifest = await writeTinyManifest(folder.path, {
        epochs: 1,
        experiments: `  - { id: first, model: ${TINY_MODEL} }`,
      });
      const out = join(folder.path, 'kept');
      for (const stage of [['data-prep'], ['train', '--engine', 'wasm']])
        expect(await bakeoff([...stage, manifest, '--out', out])).toMatchObject({ code: 0 });
      const before = await digests(out);
      const env = { ...process.env, CUDA_VISIBLE_DEVICES: '-1' };
      for (const command of [['run'], ['train'], ['evaluate']])
        expect(
          await bakeoff([...command, manifest, '--out', out, '--engine', 'tensorflow-gpu', '--force'], { env }),
        ).toMatchObject({ code: 2 });
      expect(await digests(out)).toEqual(before);
    },
    timeout,
  );
});
