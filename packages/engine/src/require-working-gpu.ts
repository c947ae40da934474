import { isOutOfMemory, wordsOfError } from '@bakeoff/tensorflow-kernels';
import { conv2d, matMul, ones, reshape, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { UserError } from '@bakeoff/core';
import { isOlderDriver, readDriverVersion } from './driver-version.ts';
import type { PeerEngineName } from './engines.ts';
import { describeGpuBuild, type GpuBuild, gpuBuildOf } from './gpu-builds.ts';
import { findLibraryFault } from './gpu-libraries.ts';
import { brokenLibrary, unavailable } from './tensorflow-package.ts';

const UPDATE_DRIVER = "update NVIDIA's driver (for a container: on its host), or use --engine wasm";

/**
 * Checks that the GPU computes with the libraries that are here, before any work.
 * @throws UserError naming the first of: a driver that is too old, a library that does not open, no GPU, a GPU or a
 * library that fails in a first convolution and product
 */
export async function requireWorkingGpu(
  engine: PeerEngineName,
  { libraryVersion, isGpu }: { readonly libraryVersion: string; readonly isGpu: boolean },
  readDriver = readDriverVersion,
): Promise<void> {
  const build = gpuBuildOf(libraryVersion);
  const driver = await readDriver();
  if (driver !== null && isOlderDriver(driver, build.driver)) throw oldDriver(engine, build, `driver ${driver}`);
  if (!isGpu) {
    const fault = findLibraryFault(build);
    throw fault === undefined ? noGpu(engine, build) : brokenLibrary(engine, fault, build);
  }
  try {
    tidy(() => {
      const image = ones([1, 8, 8, 1]) as Tensor4D;
      const features: Tensor2D = reshape(conv2d(image, ones([3, 3, 1, 4]), 1, 'same'), [64, 4]);
      matMul(features, features, true).dataSync();
    });
  } catch (error) {
    throw gpuFailure(engine, build, error as Error);
  }
}

function noGpu(engine: PeerEngineName, build: GpuBuild): UserError {
  return unavailable(engine, 'TensorFlow found no GPU', {
    received: 'driver and CUDA are there, and TensorFlow started on the processor',
    allowed: `an NVIDIA GPU that CUDA can use, with ${describeGpuBuild(build)}`,
    fix: "look at nvidia-smi and at CUDA_VISIBLE_DEVICES; in a container, give it the GPU (docker's --gpus all); or use --engine tensorflow or wasm",
  });
}

function oldDriver(engine: PeerEngineName, build: GpuBuild, received: string, cause?: Error): UserError {
  return unavailable(
    engine,
    'the NVIDIA driver is too old',
    { received, allowed: describeGpuBuild(build), fix: UPDATE_DRIVER },
    cause,
  );
}

/** What TensorFlow and CUDA say of what is wrong, in the words of their sources. */
const FAILURES: readonly { readonly said: RegExp; readonly why: string; readonly fix: (build: GpuBuild) => string }[] =
  [
    {
      said: /DNN library|cudnn/i,
      why: 'cuDNN does not work with this libtensorflow',
      fix: ({ cudnn, library }) =>
        `put ${cudnn}, which ${library} was built for, before any other in LD_LIBRARY_PATH (standard error above says which one it found), use the GPU image, or use --engine wasm`,
    },
    {
      said: /BLAS|cusolver|cusparse/i,
      why: "CUDA's libraries do not work with this libtensorflow",
      fix: ({ cuda, library }) =>
        `put those of ${cuda}, which ${library} was built for, before any other in LD_LIBRARY_PATH, use the GPU image, or use --engine wasm`,
    },
    {
      said: /no kernel image|NO_BINARY_FOR_GPU|INVALID_PTX|UNSUPPORTED_PTX/i,
      why: 'this libtensorflow has no code for this GPU',
      fix: () => 'use a GPU of compute capability 6.0 or newer (on AWS: g4dn, g5, g6), or use --engine wasm',
    },
  ];

/** The message for an error of the first work on a GPU. */
export function gpuFailure(engine: PeerEngineName, build: GpuBuild, error: Error): UserError {
  const received = wordsOfError(error);
  const allowed = describeGpuBuild(build);
  if (/driver version is insufficient|INSUFFICIENT_DRIVER|DRIVER_MISMATCH/i.test(error.message))
    return oldDriver(engine, build, received, error);
  if (isOutOfMemory(error))
    return unavailable(
      engine,
      'the GPU has no memory left',
      { received, allowed: 'some free memory', fix: 'end the other processes that nvidia-smi lists' },
      error,
    );
  const known = FAILURES.find(({ said }) => said.test(error.message));
  return unavailable(
    engine,
    known?.why ?? 'the GPU fails in a first convolution',
    {
      received,
      allowed,
      fix: known?.fix(build) ?? 'look at nvidia-smi and at standard error above, or use --engine wasm',
    },
    error,
  );
}
