import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserErrorParts } from '@bakeoff/core';
import { readDriverVersion } from '@bakeoff/engine/driver-version';
import { type GpuReading, readGpus } from './nvidia-smi.ts';

/** What can be known about NVIDIA GPUs without loading a library that needs them. */
export interface NvidiaState {
  readonly gpus: readonly GpuReading[];
  /** Version of the driver that is loaded; null if unknown. */
  readonly driver: string | null;
  /** Why no GPU can compute here, and how to fix it; null if a GPU may work. */
  readonly problem: Required<Pick<UserErrorParts, 'what' | 'received' | 'fix'>> | null;
}

/** Vendor and class of NVIDIA's graphics (0x0300) and compute (0x0302) devices on the PCI bus. */
const NVIDIA_VENDOR = '0x10de';
const DISPLAY_CLASS = /^0x03/;

const HIDING = new Set(['', '-1', 'NoDevFiles']);

/**
 * Looks for NVIDIA GPUs. Distinguishes a machine that has none, one without a driver, a container that was given no
 * device, and a driver that fails. `root` replaces `/`.
 */
export async function findNvidia({
  root = '/',
  environment = process.env,
}: { readonly root?: string; readonly environment?: NodeJS.ProcessEnv } = {}): Promise<NvidiaState> {
  const [{ gpus, said }, driver, deviceFiles, onBus] = await Promise.all([
    readGpus(),
    readDriverVersion(root),
    listDeviceFiles(root),
    listOnBus(root),
  ]);
  const state = { gpus, driver: gpus[0]?.driver ?? driver };
  const visible = environment['CUDA_VISIBLE_DEVICES'];
  if (visible !== undefined && HIDING.has(visible.trim())) {
    return {
      ...state,
      problem: {
        what: 'CUDA_VISIBLE_DEVICES hides every GPU',
        received: `CUDA_VISIBLE_DEVICES="${visible}"`,
        fix: 'unset CUDA_VISIBLE_DEVICES, or name a GPU in it',
      },
    };
  }
  if (gpus.length > 0) return { ...state, problem: null };
  if (said !== undefined && (deviceFiles.length > 0 || !/^No devices were found/i.test(said))) {
    return {
      ...state,
      problem: {
        what: 'the NVIDIA driver does not work',
        received: `nvidia-smi: ${said}`,
        fix: 'driver: reinstall it or restart the machine, until `nvidia-smi` lists the GPU',
      },
    };
  }
  // Without nvidia-smi (in a container with only the compute capability, or in Windows' subsystem for Linux), the
  // device itself is the evidence.
  if (deviceFiles.length > 0) return { ...state, problem: null };
  if (driver !== null) return { ...state, problem: notHanded(driver, environment) };
  return { ...state, problem: onBus.length > 0 ? noDriver(onBus) : NO_GPU };
}

function notHanded(driver: string, environment: NodeJS.ProcessEnv): NvidiaState['problem'] {
  const inContainer = environment['BAKEOFF_CONTAINER'] !== undefined;
  return {
    what: `the NVIDIA driver is there, but this ${inContainer ? 'container' : 'process'} was not given a GPU`,
    received: `driver ${driver}, no /dev/nvidia0`,
    fix:
      `${inContainer ? 'start the container' : 'in a container: start it'} with --gpus all (docker) or ` +
      '--device nvidia.com/gpu=all (podman), from the image bakeoff-gpu; on AWS Batch, the job must ask for a GPU',
  };
}

function noDriver(devices: readonly string[]): NvidiaState['problem'] {
  return {
    what: 'there is an NVIDIA GPU, but its driver is not loaded',
    received: `${devices.join(', ')} on the PCI bus, no /proc/driver/nvidia`,
    fix: "driver: install NVIDIA's on the machine (for a container: on its host; on AWS: take the GPU-optimised image), until `nvidia-smi` lists the GPU",
  };
}

const NO_GPU: NvidiaState['problem'] = {
  what: 'this machine has no NVIDIA GPU',
  received: 'no NVIDIA device on the PCI bus, no driver',
  fix: 'instance: use one with an NVIDIA GPU (on AWS: g4dn, g5, g6), or use --engine wasm',
};

async function listDeviceFiles(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'dev')).catch(() => []);
  return names.filter((name) => /^nvidia\d+$/.test(name) || name === 'dxg');
}

/** NVIDIA's display devices, as `10de:2237 at 0000:00:1e.0`. */
async function listOnBus(root: string): Promise<string[]> {
  const folder = join(root, 'sys/bus/pci/devices');
  const addresses = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    addresses.map(async (address) => {
      const [vendor, kind, device] = await Promise.all(
        ['vendor', 'class', 'device'].map((name) =>
          readFile(join(folder, address, name), 'utf8').then(
            (text) => text.trim(),
            () => '',
          ),
        ),
      );
      return vendor === NVIDIA_VENDOR && DISPLAY_CLASS.test(kind ?? '')
        ? [`10de:${device?.replace(/^0x/, '')} at ${address}`]
        : [];
    }),
  );
  return found.flat().sort();
}
