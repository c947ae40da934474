import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '@bakeoff/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOlderDriver } from './driver-version.ts';
import { gpuBuildOf, gpuBuilds } from './gpu-builds.ts';
import { findLibraryFault, isAbsent } from './gpu-libraries.ts';
import { gpuFailure, requireWorkingGpu } from './require-working-gpu.ts';
import { brokenLibrary } from './tensorflow-package.ts';

const build = gpuBuildOf('2.21.0');
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bakeoff-cuda-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const refusal = (libraryVersion: string, driver: string | null, isGpu = true) =>
  requireWorkingGpu('tensorflow-gpu', { libraryVersion, isGpu }, () => Promise.resolve(driver)).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof UserError) return error.parts;
      throw error;
    },
  );

describe('requireWorkingGpu', () => {
  it('refuses a driver older than the CUDA of this libtensorflow takes, and names both', async () => {
    expect(await refusal('2.21.0', '470.57.02')).toMatchObject({
      what: 'the engine tensorflow-gpu is not available here: the NVIDIA driver is too old',
      received: 'driver 470.57.02',
      allowed: 'CUDA 12, cuDNN 9 (9.3 or newer) and driver 525.60.13 or newer for libtensorflow 2.21',
      fix: expect.stringContaining('on its host') as string,
    });
    expect(await refusal('2.9.1', '418.226.00')).toMatchObject({
      received: 'driver 418.226.00',
      allowed: expect.stringContaining('450.80.02 or newer for libtensorflow 2.9') as string,
    });
  });

  it('says what is missing if TensorFlow found no GPU, and never that the driver is too old if it is not', async () => {
    for (const driver of [null, '580.178.04', 'of unknown version'])
      expect((await refusal('2.21.0', driver, false))!.what).not.toContain('too old');
  });
});

it('compares versions of drivers as numbers', () => {
  expect(isOlderDriver('525.60.13', '525.60.13')).toBe(false);
  expect(isOlderDriver('525.60', '525.60.13')).toBe(true);
  expect(isOlderDriver('525.105.17', '525.60.13')).toBe(false);
  expect(isOlderDriver('1000.1', '525.60.13')).toBe(false);
});

it('takes the newest build for a libtensorflow since 2.18', () => {
  expect(['2.9.1', '2.17.0', '2.18.0', '2.21.0', '3.0.0'].map((version) => gpuBuildOf(version).cuda)).toEqual([
    'CUDA 11.2 to 11.8',
    'CUDA 11.2 to 11.8',
    'CUDA 12',
    'CUDA 12',
    'CUDA 12',
  ]);
});

const isLibc = (path: string) => /\/libc\.so\.\d$|\/libc-[\d.]+\.so$|\/ld-musl/.test(path);
const libc = () => (process.report.getReport() as { sharedObjects: string[] }).sharedObjects.find(isLibc)!;

/** Libraries that the linker opens, or files that are none, beside a made-up `tensorflow/`. */
function layOut(contents: Readonly<Record<string, 'library' | 'text'>>): string {
  for (const [file, kind] of Object.entries(contents)) {
    const place = join(folder, 'nvidia/made-up/lib', file);
    mkdirSync(dirname(place), { recursive: true });
    if (kind === 'library') symlinkSync(libc(), place);
    else writeFileSync(place, 'not a library, but longer than the header of one, which has sixty-four bytes');
  }
  return join(folder, 'tensorflow');
}
const made = (...files: string[]) => ({
  ...build,
  files: Object.fromEntries(files.map((file) => [file, 'made-up'])),
});

describe('findLibraryFault', () => {
  const withoutDriver = findLibraryFault(build)?.file === 'libcuda.so.1';

  it('begins with the driver', () => {
    expect(findLibraryFault(made())).toEqual(
      withoutDriver ? { file: 'libcuda.so.1', reason: expect.stringContaining('cannot open') as string } : undefined,
    );
  });

  it.runIf(process.platform === 'linux')('finds libraries beside libtensorflow, as site-packages has them', () => {
    const library = layOut({ 'libmade.so.12': 'library', 'libdamaged.so.9': 'text' });
    const find = (...files: string[]) => findLibraryFault(made(...files), library, libc());
    expect(find('libmade.so.12')).toBeUndefined();
    expect(find('libmade.so.12', 'libabsent.so.1')).toMatchObject({ file: 'libabsent.so.1' });
    const damaged = find('libdamaged.so.9')!;
    expect(damaged).toMatchObject({
      file: 'libdamaged.so.9',
      reason: expect.stringContaining('invalid ELF') as string,
    });
    expect(isAbsent(damaged)).toBe(false);
    expect(brokenLibrary('tensorflow-gpu', { ...damaged, file: 'libcudnn.so.9' }, build).parts).toMatchObject({
      what: expect.stringContaining('cuDNN is missing or of another version') as string,
      received: damaged.reason,
    });
  });
});

describe('gpuFailure', () => {
  it.each([
    [
      'Invalid TF_Status: 9\nMessage: DNN library initialization failed. Look at the errors above for more details.',
      'cuDNN does not work with this libtensorflow',
      'cuDNN 9 (9.3 or newer)',
    ],
    [
      'Invalid TF_Status: 13\nMessage: Attempting to perform BLAS operation using StreamExecutor without BLAS support',
      "CUDA's libraries do not work with this libtensorflow",
      'CUDA 12',
    ],
    [
      'Invalid TF_Status: 13\nMessage: CUDA driver version is insufficient for CUDA runtime version',
      'the NVIDIA driver is too old',
      'on its host',
    ],
    [
      "Invalid TF_Status: 13\nMessage: 'cuLaunchKernel' failed with CUDA_ERROR_NO_BINARY_FOR_GPU",
      'this libtensorflow has no code for this GPU',
      'g4dn, g5, g6',
    ],
    [
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[1,8,8,1]',
      'the GPU has no memory left',
      'nvidia-smi',
    ],
    [
      'Invalid TF_Status: 13\nMessage: unspecified launch failure',
      'the GPU fails in a first convolution',
      'nvidia-smi',
    ],
  ])('explains "%s"', (message, why, change) => {
    const { parts } = gpuFailure('tensorflow-gpu', gpuBuilds[0]!, new Error(message));
    expect(parts.what).toBe(`the engine tensorflow-gpu is not available here: ${why}`);
    expect(parts.received).toBe(message.split('Message: ')[1]);
    expect(parts.fix).toContain(change);
  });
});
