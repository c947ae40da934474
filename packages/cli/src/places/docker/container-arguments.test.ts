import { describe, expect, it } from 'vitest';
import type { StageName } from '@bakeoff/core';
import { madeUpTask } from '../../testing/made-up-task.ts';
import { containerArguments, type ContainerSettings } from './container-arguments.ts';

const engine = {
  program: 'docker',
  isPodman: false,
  rootless: false,
  selinux: false,
  nvidia: true,
  cores: 4,
  memoryBytes: 2 ** 33,
} as const;
const settings: ContainerSettings = {
  engine,
  images: { cpu: 'bakeoff', gpu: undefined },
  plan: { datasets: [] },
  store: '/home/ada/out',
  archives: {},
  cacheFolder: '/home/ada/.cache/bakeoff',
  workingFolder: '/home/ada',
  user: { uid: 1001, gid: 1002 },
  awsFolder: undefined,
  environment: {},
};
const task = (stage: StageName) =>
  madeUpTask(stage, 'x', { command: [stage, '--plan', 'p', '--store', '/home/ada/out'] });
const argumentsOf = (stage: StageName, more: Partial<ContainerSettings> = {}): string[] =>
  containerArguments(task(stage), 'name', { ...settings, ...more });
const mounts = (args: readonly string[]): string[] =>
  args.filter((text) => text.startsWith('--mount=')).map((text) => text.slice('--mount='.length));
const dataset = (config: object): ContainerSettings['plan'] =>
  ({ datasets: [{ config }] }) as unknown as ContainerSettings['plan'];

describe('containerArguments', () => {
  it('ends with the unchanged command of the stage, after the image', () => {
    expect(argumentsOf('compare').slice(-7)).toEqual([
      'bakeoff',
      'compare',
      '--plan',
      'p',
      '--store',
      '/home/ada/out',
      '--json',
    ]);
  });

  it('confines the container: read-only, no capabilities, no network, the user’s own id', () => {
    expect(argumentsOf('train')).toEqual(
      expect.arrayContaining([
        '--read-only',
        '--cap-drop=ALL',
        '--security-opt=no-new-privileges',
        '--network=none',
        '--user=1001:1002',
      ]),
    );
  });

  it('mounts the store under its own path, and sources only for data preparation', () => {
    const more = {
      archives: { cifar10: 'cifar.tar.gz', mnist: 'unused' },
      folder: 'study',
      plan: {
        datasets: [
          ...dataset({ source: 'cifar10' }).datasets,
          ...dataset({ source: 'image-folder', path: 'images, mine', testPath: '/test' }).datasets,
        ],
      },
    };
    const store = 'type=bind,source=/home/ada/out,target=/home/ada/out';
    expect(mounts(argumentsOf('train', more))).toEqual([store]);
    expect(mounts(argumentsOf('data-prep', more))).toEqual([
      store,
      'type=bind,source=/home/ada/.cache/bakeoff,target=/home/ada/.cache/bakeoff',
      'type=bind,source=/home/ada/cifar.tar.gz,target=/home/ada/cifar.tar.gz,readonly',
      'type=bind,"source=/home/ada/study/images, mine","target=/home/ada/study/images, mine",readonly',
      'type=bind,source=/test,target=/test,readonly',
    ]);
  });

  it('allows the network only to stages that download', () => {
    const cifar = dataset({ source: 'cifar10' });
    expect(argumentsOf('data-prep', { plan: cifar })).not.toContain('--network=none');
    expect(argumentsOf('data-prep', { plan: cifar, archives: { cifar10: '/a.tar.gz' } })).toContain('--network=none');
    expect(argumentsOf('train', { plan: cifar })).toContain('--network=none');
    const environment = { https_proxy: 'http://proxy:1' };
    expect(argumentsOf('data-prep', { plan: cifar, environment })).toContain('--env=https_proxy');
    expect(argumentsOf('train', { plan: cifar, environment })).not.toContain('--env=https_proxy');
  });

  it('passes AWS settings by name, without their values, for a store in S3, and mounts no store', () => {
    const args = argumentsOf('train', {
      store: 's3://bucket/prefix',
      awsFolder: '/home/ada/.aws',
      environment: { AWS_REGION: 'eu-west-1', AWS_SECRET_ACCESS_KEY: 'hush', HOME: '/home/ada' },
    });
    expect(args).toEqual(expect.arrayContaining(['--env=AWS_REGION', '--env=AWS_SECRET_ACCESS_KEY']));
    expect(args.join(' ')).not.toMatch(/hush|HOME|--network/);
    expect(mounts(args)).toEqual(['type=bind,source=/home/ada/.aws,target=/tmp/.aws,readonly']);
  });

  it('reaches an S3 server on this machine through this machine’s network', () => {
    expect(
      argumentsOf('train', { store: 's3://b', environment: { AWS_ENDPOINT_URL: 'http://localhost:9000' } }),
    ).toContain('--network=host');
    expect(
      argumentsOf('train', { store: 's3://b', environment: { AWS_ENDPOINT_URL: 'https://minio.example.com' } }).join(
        ' ',
      ),
    ).not.toContain('--network');
  });

  it('gives GPUs and the GPU image only to training and evaluation', () => {
    const images = { cpu: 'bakeoff', gpu: 'bakeoff-gpu' };
    expect(argumentsOf('train', { images })).toEqual(expect.arrayContaining(['--gpus=all', 'bakeoff-gpu']));
    expect(argumentsOf('train', { images, engine: { ...engine, program: 'podman', isPodman: true } })).toContain(
      '--device=nvidia.com/gpu=all',
    );
    expect(argumentsOf('report', { images })).not.toContain('--gpus=all');
    expect(argumentsOf('report', { images })).toContain('bakeoff');
  });

  it('keeps files owned by the user under rootless engines', () => {
    expect(argumentsOf('train', { engine: { ...engine, rootless: true } })).toContain('--user=0:0');
    expect(argumentsOf('train', { engine: { ...engine, rootless: true, isPodman: true, selinux: true } })).toEqual(
      expect.arrayContaining(['--userns=keep-id', '--user=1001:1002', '--security-opt=label=disable']),
    );
  });
});
