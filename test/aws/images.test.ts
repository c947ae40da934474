import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gpuBuildOf } from '../../packages/engine/src/gpu-builds.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
let folder: string;
let calls: string;
let env: NodeJS.ProcessEnv;

const git = (...args: string[]) =>
  run('git', ['-c', 'user.name=n', '-c', 'user.email=e', ...args], { cwd: join(folder, 'clone') });

/** A clone with the script, and programs that write down how they are called instead of working. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-images-'));
  calls = join(folder, 'calls');
  for (const name of ['clone/infra', 'bin']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(calls, '');
  await writeFile(
    join(folder, 'bin/aws'),
    `#!/bin/bash
case "$*" in
  *CpuRepository*) echo registry/cpu ;;
  *GpuRepository*) echo "$GPU_REPOSITORY" ;;
  *describe-images*) grep -q "\${*: -1}" "$PUSHED" ;;
esac\n`,
  );
  await writeFile(join(folder, 'bin/docker'), '#!/bin/bash\n[ "$1" = login ] || echo "$1 ${*: -2}" >> "$CALLS"\n');
  for (const name of ['aws', 'docker']) await chmod(join(folder, 'bin', name), 0o755);
  await writeFile(join(folder, 'clone/infra/push-images.sh'), await readFile(join(root, 'infra/push-images.sh')));
  await writeFile(join(folder, 'pushed'), '');
  env = {
    ...process.env,
    PATH: `${folder}/bin:${process.env['PATH']}`,
    CALLS: calls,
    PUSHED: join(folder, 'pushed'),
    GPU_REPOSITORY: 'registry/gpu',
  };
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-qm', 'first');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const push = (cwd: string, ...args: string[]) =>
  run('bash', [join(folder, 'clone/infra/push-images.sh'), ...args], { cwd, env });

describe('push-images.sh', () => {
  it('names both images by the commit, from any folder', async () => {
    const { stdout } = await git('rev-parse', 'HEAD');
    const tag = stdout.trim();
    await push(join(folder, 'clone/infra'));
    expect((await readFile(calls, 'utf8')).trim().split('\n')).toEqual([
      `build registry/cpu:${tag} .`,
      `push push registry/cpu:${tag}`,
      `build registry/gpu:${tag} .`,
      `push push registry/gpu:${tag}`,
    ]);
  });

  it('pushes no GPU image to a deployment that trains on CPUs', async () => {
    // The AWS CLI prints None for an output that is not there.
    env['GPU_REPOSITORY'] = 'None';
    await push(folder);
    const programs = (await readFile(calls, 'utf8')).trim().split('\n');
    expect(programs.map((call) => call.replace(/:[0-9a-f]{40}/, ''))).toEqual([
      'build registry/cpu .',
      'push push registry/cpu',
    ]);
  });

  it('leaves images that are there', async () => {
    const { stdout } = await git('rev-parse', 'HEAD');
    await writeFile(join(folder, 'pushed'), `imageTag=${stdout.trim()}`);
    await push(folder);
    expect(await readFile(calls, 'utf8')).toBe('');
  });

  it('refuses uncommitted changes and the tag latest', async () => {
    await expect(push(folder, 'Bakeoff', 'latest')).rejects.toMatchObject({ code: 2 });
    await writeFile(
      join(folder, 'clone/infra/push-images.sh'),
      await readFile(join(root, 'infra/push-images.sh'), 'utf8').then((text) => `${text}\n`),
    );
    await expect(push(folder)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('uncommitted changes') as string,
    });
    expect(await readFile(calls, 'utf8')).toBe('');
  });
});

describe('the GPU image', () => {
  it('computes the same products on every GPU', async () => {
    const [, image] = (await readFile(join(root, 'Dockerfile'), 'utf8')).split(' AS gpu\n');
    expect(image).toMatch(/\bNVIDIA_TF32_OVERRIDE=0\b/);
  });

  it('pins every library by version and digest, and has each that TensorFlow opens', async () => {
    const list = await readFile(join(root, 'docker/gpu/libraries-gpu.txt'), 'utf8');
    const lines = list.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of lines) expect(line).toMatch(/^[a-z\d-]+==[\d.]+ --hash=sha256:[\da-f]{64}$/);
    const packages = lines.map((line) => line.split('==')[0]);
    const folders = new Set(Object.values(gpuBuildOf('2.21.0').files));
    // nvidia/cuda_nvcc has ptxas and libdevice, with which XLA compiles.
    for (const folder of [...folders, 'cuda_nvcc'])
      expect(packages).toContain(`nvidia-${folder.replaceAll('_', '-')}-cu12`);
    expect(lines.filter((line) => line.startsWith('tensorflow==2.21.'))).toHaveLength(1);
  });

  it('copies the code last, so that another revision shares the layers below', async () => {
    const [, image = ''] = (await readFile(join(root, 'Dockerfile'), 'utf8')).split(' AS gpu\n');
    const copies = image.match(/^COPY .*$/gm) ?? [];
    expect(copies.findIndex((line) => line.includes('--from=build '))).toBe(copies.length - 1);
    expect(image.indexOf('ARG REVISION')).toBeGreaterThan(image.lastIndexOf('\nCOPY'));
  });
});

describe('docs/aws.md', () => {
  it('gives commands for the repository’s root', async () => {
    const docs = await readFile(join(root, 'docs/aws.md'), 'utf8');
    expect(docs).not.toContain('cd infra');
    expect(docs).toMatch(/npm ci[^]*npx cdk bootstrap[^]*npx bakeoff deploy[^]*npx bakeoff submit/);
    const { app } = JSON.parse(await readFile(join(root, 'cdk.json'), 'utf8')) as { app: string };
    await expect(readFile(join(root, app.replace('tsx ', '')))).resolves.toBeDefined();
  });
});
