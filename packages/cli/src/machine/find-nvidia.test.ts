import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNvidia } from './find-nvidia.ts';
import { GpuMeter } from './gpu-meter.ts';
import { readGpus, usedGpu } from './nvidia-smi.ts';
import { requireGpu } from './require-gpu.ts';

let folder: string;
const { PATH, CUDA_VISIBLE_DEVICES } = process.env;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-gpu-'));
  // The only nvidia-smi is the one that a test installs.
  process.env['PATH'] = folder;
  delete process.env['CUDA_VISIBLE_DEVICES'];
});
afterEach(async () => {
  process.env['PATH'] = PATH;
  if (CUDA_VISIBLE_DEVICES !== undefined) process.env['CUDA_VISIBLE_DEVICES'] = CUDA_VISIBLE_DEVICES;
  await rm(folder, { recursive: true });
});

async function installNvidiaSmi(script: string): Promise<void> {
  await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'nvidia-smi'), 0o755);
}

/** Files of `/proc`, `/dev` and `/sys`; the folder stands for `/`. */
async function writeSystemFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const A10G = '0, GPU-6f1c2e0a-9f2b-7c55-ae3e-0d5a3bdcfd0e, 550.54.15, 23028, 1234, 87, NVIDIA A10G';
const T4 = '1, GPU-11111111-2222-3333-4444-555555555555, 550.54.15, 15360, 3, 0, Tesla T4';
const MIG =
  '0, GPU-77777777-2222-3333-4444-555555555555, 535.129.03, 40960, [N/A], [N/A], NVIDIA A100-SXM4-40GB, in parts';
const DRIVER_FILE =
  'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version:  gcc version 11.4.0\n';
const ON_BUS = {
  'sys/bus/pci/devices/0000:00:1e.0/vendor': '0x10de\n',
  'sys/bus/pci/devices/0000:00:1e.0/class': '0x030200\n',
  'sys/bus/pci/devices/0000:00:1e.0/device': '0x2237\n',
};

describe('readGpus', () => {
  it('asks for what it reads, and reads every GPU', async () => {
    await installNvidiaSmi(
      `[ "$1 $2" = "--query-gpu=index,uuid,driver_version,memory.total,memory.used,utilization.gpu,name --format=csv,noheader,nounits" ] || exit 2\necho "${A10G}"\necho "${T4}"`,
    );
    const { gpus } = await readGpus();
    expect(gpus).toEqual([
      {
        index: 0,
        uuid: 'GPU-6f1c2e0a-9f2b-7c55-ae3e-0d5a3bdcfd0e',
        name: 'NVIDIA A10G',
        driver: '550.54.15',
        memoryTotalMib: 23_028,
        memoryUsedMib: 1234,
        utilization: 0.87,
      },
      expect.objectContaining({ index: 1, name: 'Tesla T4', utilization: 0 }),
    ]);
    expect(usedGpu(gpus)?.name).toBe('NVIDIA A10G');
    expect(usedGpu(gpus, '1,0')?.name).toBe('Tesla T4');
    expect(usedGpu(gpus, 'GPU-1111')?.name).toBe('Tesla T4');
  });

  it('reports no figure where the driver has none', async () => {
    await installNvidiaSmi(`echo "${MIG}"`);
    expect((await readGpus()).gpus).toEqual([
      expect.objectContaining({
        name: 'NVIDIA A100-SXM4-40GB, in parts',
        memoryTotalMib: 40_960,
        memoryUsedMib: null,
        utilization: null,
      }),
    ]);
  });

  it('distinguishes a failing program from a missing one', async () => {
    expect(await readGpus()).toEqual({ gpus: [] });
    await installNvidiaSmi('echo; echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18');
    expect(await readGpus()).toEqual({ gpus: [], said: 'Failed to initialize NVML: Driver/library version mismatch' });
  });
});

const find = (environment = {}) => findNvidia({ root: folder, environment });

describe('findNvidia', () => {
  it('finds GPUs and their driver', async () => {
    await installNvidiaSmi(`echo "${A10G}"`);
    expect(await find()).toMatchObject({ driver: '550.54.15', problem: null, gpus: [{ name: 'NVIDIA A10G' }] });
  });

  it('says that a machine without a device has no GPU, and names the instance as what to change', async () => {
    await writeSystemFiles({
      'sys/bus/pci/devices/0000:00:05.0/vendor': '0x1d0f\n',
      'sys/bus/pci/devices/0000:00:05.0/class': '0x020000\n',
    });
    expect((await find()).problem).toMatchObject({
      what: 'this machine has no NVIDIA GPU',
      fix: expect.stringContaining('instance: ') as string,
    });
  });

  it('names the driver if there is a device without one', async () => {
    await writeSystemFiles(ON_BUS);
    expect((await find()).problem).toMatchObject({
      what: 'there is an NVIDIA GPU, but its driver is not loaded',
      received: '10de:2237 at 0000:00:1e.0 on the PCI bus, no /proc/driver/nvidia',
      fix: expect.stringContaining('driver: ') as string,
    });
  });

  it('names the image and how to start it if a driver is loaded but the container has no device', async () => {
    await writeSystemFiles({ ...ON_BUS, 'proc/driver/nvidia/version': DRIVER_FILE });
    for (const smi of [undefined, 'echo "No devices were found"; exit 6']) {
      if (smi !== undefined) await installNvidiaSmi(smi);
      expect(await find({ BAKEOFF_CONTAINER: '1' })).toMatchObject({
        driver: '550.54.15',
        problem: {
          what: expect.stringContaining('this container was not given a GPU') as string,
          fix: expect.stringMatching(/--gpus all.*image bakeoff-gpu/) as string,
        },
      });
    }
  });

  it('reads the version of the open kernel module too', async () => {
    await writeSystemFiles({
      'proc/driver/nvidia/version':
        'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  565.57.01  Release Build  (root@)\n',
    });
    expect((await find()).driver).toBe('565.57.01');
  });

  it('accepts a device without nvidia-smi as one that may compute', async () => {
    await writeSystemFiles({ 'proc/driver/nvidia/version': DRIVER_FILE, 'dev/nvidia0': '' });
    expect(await find()).toEqual({ gpus: [], driver: '550.54.15', problem: null });
  });

  it('passes on the complaint of nvidia-smi', async () => {
    await writeSystemFiles({ ...ON_BUS, 'dev/nvidia0': '' });
    await installNvidiaSmi(
      'echo "NVIDIA-SMI has failed because it couldn\'t communicate with the NVIDIA driver."; exit 9',
    );
    expect((await find()).problem).toMatchObject({
      what: 'the NVIDIA driver does not work',
      received: "nvidia-smi: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    });
  });

  it('says that a variable hides the GPUs', async () => {
    await installNvidiaSmi(`echo "${A10G}"`);
    expect((await find({ CUDA_VISIBLE_DEVICES: '' })).problem?.what).toBe('CUDA_VISIBLE_DEVICES hides every GPU');
    expect((await find({ CUDA_VISIBLE_DEVICES: '0' })).problem).toBeNull();
  });
});

it('requireGpu throws one message that names the problem, and passes if a GPU answers', async () => {
  process.env['CUDA_VISIBLE_DEVICES'] = '-1';
  await expect(requireGpu('tensorflow-gpu')).rejects.toThrow(
    /the engine tensorflow-gpu finds no GPU: CUDA_VISIBLE_DEVICES hides every GPU\n {2}received: .*\n {2}allowed: .*bakeoff doctor.*\n {2}change: /,
  );
  delete process.env['CUDA_VISIBLE_DEVICES'];
  await installNvidiaSmi(`echo "${A10G}"`);
  await requireGpu('tensorflow-gpu');
});

async function untilSamples(meter: GpuMeter, samples: number): Promise<void> {
  while ((meter.use()?.samples ?? 0) < samples) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('GpuMeter', () => {
  it('keeps the highest memory and the mean utilization that it saw', async () => {
    // A different figure at each reading: 1000, 3000, 2000, 2000, … MiB; 40, 80, 60, 60, … %.
    await installNvidiaSmi(
      `n=$(cat ${folder}/n 2>/dev/null || echo 0); echo $((n + 1)) > ${folder}/n.new; mv ${folder}/n.new ${folder}/n\ncase $n in 0) m=1000 u=40;; 1) m=3000 u=80;; *) m=2000 u=60;; esac\necho "0, GPU-x, 550.54.15, 23028, $m, $u, NVIDIA A10G"`
        .replaceAll('cat ', '/bin/cat ')
        .replaceAll('mv ', '/bin/mv '),
    );
    const meter = new GpuMeter(1, 1);
    expect(meter.use()).toBeUndefined();
    await untilSamples(meter, 4);
    meter.stop();
    expect(meter.use()).toMatchObject({ peakMemoryMib: 3000 });
    expect(meter.use()?.meanUtilization).toBeCloseTo(0.6, 10);
    const { samples } = meter.use() ?? {};
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(meter.use()?.samples).toBe(samples);
  });

  it('has no figures for a part of a GPU, which reports none', async () => {
    await installNvidiaSmi(`echo "${MIG}"`);
    const meter = new GpuMeter(1, 1);
    await untilSamples(meter, 1);
    meter.stop();
    expect(meter.use()).toMatchObject({ peakMemoryMib: null, meanUtilization: null });
  });

  it('knows nothing without nvidia-smi', async () => {
    const meter = new GpuMeter(1, 1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    meter.stop();
    expect(meter.use()).toBeUndefined();
  });
});
