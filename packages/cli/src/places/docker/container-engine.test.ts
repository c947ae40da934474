import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StageEvent } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { chooseImages } from './container-images.ts';
import { findContainerEngine } from './container-engine.ts';

const dockerInfo = {
  NCPU: 8,
  MemTotal: 2 ** 33,
  Runtimes: { runc: {} },
  SecurityOptions: ['name=seccomp,profile=default'],
};
const podmanInfo = { host: { cpus: 2, memTotal: 2 ** 32, security: { rootless: true, selinuxEnabled: true } } };

let folder: string;
const path = process.env['PATH'];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-engine-'));
  // Only the programs that a test puts there.
  process.env['PATH'] = folder;
});
afterEach(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

/** Puts a program on the path that behaves as an engine's client does. */
async function install(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}
/** Images by their names, separated by bars. */
const inspecting = (present: string): string =>
  `case "$5" in ${present}) echo '{"org.opencontainers.image.revision":"unknown"}';; *) exit 1;; esac`;
const answering = (info: object): string => `echo '${JSON.stringify(info)}'`;

describe('findContainerEngine', () => {
  it('uses docker if it answers, otherwise podman', async () => {
    await install('podman', answering(podmanInfo));
    expect(await findContainerEngine()).toMatchObject({
      program: 'podman',
      isPodman: true,
      rootless: true,
      selinux: true,
      cores: 2,
      memoryBytes: 2 ** 32,
    });
    await install('docker', answering(dockerInfo));
    expect(await findContainerEngine()).toMatchObject({
      program: 'docker',
      isPodman: false,
      rootless: false,
      selinux: false,
      nvidia: false,
      cores: 8,
    });
  });

  it('says that neither is installed', async () => {
    await expect(findContainerEngine()).rejects.toThrow(
      /docker: is not installed; podman: is not installed[^]*install Docker or Podman, or leave out --docker/,
    );
  });

  it('says that the engine is not running, in its own words', async () => {
    await install('docker', "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1");
    await expect(findContainerEngine()).rejects.toThrow(
      /docker: Cannot connect to the Docker daemon[^]*start the engine/,
    );
  });

  it('says that permission is missing, even if the client reports it with exit code 0', async () => {
    await install(
      'docker',
      answering({ ServerErrors: ['permission denied while trying to connect to the docker API'] }),
    );
    await expect(findContainerEngine()).rejects.toThrow(/docker: permission denied while[^]*usermod -aG docker/);
  });

  it('sees NVIDIA’s runtime, and its devices if the engine finds them itself', async () => {
    for (const found of [{ Runtimes: { nvidia: {} } }, { DiscoveredDevices: [{ ID: 'nvidia.com/gpu=all' }] }]) {
      await install('docker', answering({ ...dockerInfo, ...found }));
      expect((await findContainerEngine()).nvidia).toBe(true);
    }
  });

  it('recognizes podman under the name docker, and rootless docker', async () => {
    await install('docker', answering(podmanInfo));
    expect(await findContainerEngine()).toMatchObject({ program: 'docker', isPodman: true });
    await install('docker', answering({ ...dockerInfo, SecurityOptions: ['name=rootless'] }));
    expect((await findContainerEngine()).rootless).toBe(true);
  });
});

describe('chooseImages', () => {
  const engine = {
    program: 'docker',
    isPodman: false,
    rootless: false,
    selinux: false,
    nvidia: true,
    cores: 1,
    memoryBytes: 1,
  } as const;
  const names = { image: 'bakeoff', gpuImage: 'bakeoff-gpu' };
  const choose = async (
    name: EngineName | 'auto',
    nvidia: boolean,
    present: string,
  ): Promise<{ gpu: string | undefined; events: StageEvent[] }> => {
    await install('docker', inspecting(present));
    const events: StageEvent[] = [];
    const { gpu } = await chooseImages({ ...engine, nvidia }, name, names, (event) => events.push(event));
    return { gpu, events };
  };

  it('says how to build an image that is missing', async () => {
    await expect(choose('wasm', false, 'other')).rejects.toThrow('docker build --target cpu -t bakeoff .');
    await expect(choose('tensorflow-gpu', true, 'bakeoff')).rejects.toThrow(
      'docker build --target gpu -t bakeoff-gpu .',
    );
  });

  it('uses the GPU if there is one, and says when it cannot', async () => {
    expect((await choose('auto', true, 'bakeoff|bakeoff-gpu')).gpu).toBe('bakeoff-gpu');
    const without = await choose('auto', true, 'bakeoff');
    expect(without.gpu).toBeUndefined();
    expect(without.events).toMatchObject([
      { type: 'warning', text: expect.stringContaining('no image bakeoff-gpu') as string },
    ]);
    expect((await choose('wasm', true, 'bakeoff|bakeoff-gpu')).gpu).toBeUndefined();
  });

  it('refuses a GPU engine requested by name if there is no NVIDIA runtime', async () => {
    await expect(choose('tensorflow-gpu', false, 'bakeoff|bakeoff-gpu')).rejects.toThrow('no NVIDIA runtime');
  });
});
