import { UserError } from '@bakeoff/core';
import { env, version_core as coreVersion } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import util from 'node:util';
import { engines, type PeerEngineName } from './engines.ts';
import { describeGpuBuild, type GpuBuild, gpuBuildOpening } from './gpu-builds.ts';
import { isAbsent, type LibraryFault } from './gpu-libraries.ts';

/** The part of the package's module that is used. */
export interface TensorflowModule {
  readonly version: Readonly<Record<string, string>>;
}

const VERSION = '4.22.0';

/** The packages call two functions that Node 23 removed from node:util. */
function restoreUtilities(): void {
  const utilities = util as unknown as Record<string, unknown>;
  utilities['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  utilities['isArray'] ??= Array.isArray;
}

/**
 * Loads quietly: the package brings all of TensorFlow.js, which would warn about each kernel that is already
 * registered.
 */
function quietly<Result>(load: () => Result): Result {
  const before = env().getBool('PROD');
  env().set('PROD', true);
  try {
    return load();
  } finally {
    env().set('PROD', before);
  }
}

/**
 * Loads an optional peer, found as Node finds CommonJS packages: in a node_modules folder next to this program or above
 * it, or in a folder of NODE_PATH. It has its own copy of tfjs-core; all copies of the same version share one engine
 * and one kernel registry through the global object.
 * @throws UserError with what is wrong: package, binding, library or version.
 */
export function loadTensorflowPackage(engine: PeerEngineName): TensorflowModule {
  restoreUtilities();
  const { package: specifier } = engines[engine].peer;
  let loaded: TensorflowModule;
  try {
    loaded = quietly(() => createRequire(import.meta.url)(specifier) as TensorflowModule);
  } catch (error) {
    throw loadFailure(engine, error as NodeJS.ErrnoException);
  }
  const version = loaded.version['tfjs-core'];
  if (version !== coreVersion)
    throw unavailable(engine, `${specifier} is of another version`, {
      received: version ?? 'none',
      allowed: coreVersion,
      fix: `npm install ${specifier}@${VERSION}`,
    });
  return loaded;
}

type Rest = ConstructorParameters<typeof UserError>[0];

/** One form of message for all cases: `the engine X is not available here: …`. */
export function unavailable(engine: PeerEngineName, why: string, rest: Omit<Rest, 'what'>, cause?: Error): UserError {
  return new UserError({ what: `the engine ${engine} is not available here: ${why}`, ...rest }, { cause });
}

function loadFailure(engine: PeerEngineName, error: NodeJS.ErrnoException): UserError {
  const { package: specifier, needs } = engines[engine].peer;
  const [firstLine = ''] = error.message.split('\n');
  const install = `npm install ${specifier}@${VERSION}, or use --engine wasm`;
  if (error.code === 'MODULE_NOT_FOUND' && firstLine.includes(`'${specifier}'`)) {
    return unavailable(
      engine,
      `${specifier} is not installed`,
      { allowed: `${specifier} ${VERSION} with ${needs}`, fix: install },
      error,
    );
  }
  const binding = /native addon module \(tfjs_binding\.node\) can not be found at path: (\S+)/.exec(error.message)?.[1];
  if (binding !== undefined) {
    return unavailable(
      engine,
      `the native binding of ${specifier} was not built`,
      {
        received: `no file ${binding.replace(/\.$/, '')}`,
        allowed: `${specifier} ${VERSION} as its install script leaves it`,
        fix: `npm rebuild ${specifier} --build-addon-from-source with network access (its install script downloads libtensorflow), or use --engine wasm`,
      },
      error,
    );
  }
  const file = /(lib[\w+-]+\.so[\w.]*): cannot open shared object file/.exec(error.message)?.[1];
  if (file !== undefined) return brokenLibrary(engine, { file, reason: error.message }, gpuBuildOpening(file), error);
  return unavailable(
    engine,
    `${specifier} does not load`,
    { received: firstLine, allowed: `${specifier} ${VERSION} with ${needs}`, fix: install },
    error,
  );
}

/**
 * The message for a shared library that the dynamic linker does not open. `build`: the libtensorflow for GPUs that needs
 * it, if that is known.
 */
export function brokenLibrary(
  engine: PeerEngineName,
  fault: LibraryFault,
  build: GpuBuild | undefined,
  cause?: Error,
): UserError {
  const { package: specifier, needs } = engines[engine].peer;
  const { file, reason } = fault;
  const received = isAbsent(fault) ? `${file} cannot be opened` : reason;
  const allowed = build === undefined ? needs : describeGpuBuild(build);
  if (file.startsWith('libtensorflow')) {
    return unavailable(
      engine,
      'libtensorflow is missing',
      {
        received,
        allowed: needs,
        fix: `npm rebuild ${specifier} --build-addon-from-source with network access, add the library's folder to LD_LIBRARY_PATH, or use --engine wasm`,
      },
      cause,
    );
  }
  if (file.startsWith('libcuda.so')) {
    return unavailable(
      engine,
      'the NVIDIA driver is missing',
      {
        received,
        allowed,
        fix: "install the driver; in a container, give it the GPU (docker's --gpus all); or use --engine wasm",
      },
      cause,
    );
  }
  if (/^lib(cu|nv)/i.test(file)) {
    return unavailable(
      engine,
      `${file.startsWith('libcudnn') ? 'cuDNN' : 'CUDA'} is missing or of another version`,
      {
        received,
        allowed,
        fix: 'install these next to any other CUDA and add their folder to LD_LIBRARY_PATH, use the GPU image, or use --engine wasm',
      },
      cause,
    );
  }
  return unavailable(
    engine,
    'a shared library is missing',
    { received, allowed: needs, fix: `install ${file}, or use --engine wasm` },
    cause,
  );
}
