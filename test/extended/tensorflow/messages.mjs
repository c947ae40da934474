// The messages for missing parts of TensorFlow. Each failure is real, and each gives one message.
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { report, root, run } from '../support/checks.mjs';

const BINDING = 'lib/napi-v8/tfjs_binding.node';
/** What libtensorflow 2.21 opens for a GPU beside the driver and cuDNN. */
const CUDA_12 = [
  'libcudart.so.12',
  'libcublas.so.12',
  'libcublasLt.so.12',
  'libcufft.so.11',
  'libcusolver.so.11',
  'libcusparse.so.12',
];

export function checkMessages(folder, nodeModules) {
  const peers = join(folder, 'peers');
  layOut(peers, join(nodeModules, '@tensorflow/tfjs-node'));
  const cases = [
    {
      name: 'a package that is not installed',
      engine: 'tensorflow',
      path: () => '',
      expected: ['@tensorflow/tfjs-node is not installed', 'npm install @tensorflow/tfjs-node@4.22.0'],
    },
    {
      name: 'a binding that was not built',
      engine: 'tensorflow',
      ...hidden(peers, BINDING),
      expected: ['was not built', 'tfjs_binding.node'],
    },
    {
      name: 'a missing libtensorflow',
      engine: 'tensorflow',
      ...hidden(peers, 'deps/lib'),
      expected: ['libtensorflow is missing', 'cannot be opened'],
    },
    {
      name: 'a missing CUDA library',
      engine: 'tensorflow-gpu',
      ...withMissingCuda(peers, folder),
      expected: ['CUDA is missing or of another version', 'libcudart.so.11.0 cannot be opened', 'CUDA 11.2 to 11.8'],
    },
    {
      name: 'a machine without an NVIDIA driver',
      engine: 'tensorflow-gpu',
      path: () => peers,
      expected: ['the NVIDIA driver is missing', 'libcuda.so.1 cannot be opened'],
    },
    {
      name: 'a driver without the CUDA of this libtensorflow',
      engine: 'tensorflow-gpu',
      path: () => peers,
      libraries: makeLibraries(join(folder, 'driver'), ['libcuda.so.1', 'libcudart.so.11.0']),
      expected: ['CUDA is missing or of another version', 'libcudart.so.12 cannot be opened', 'CUDA 12, cuDNN 9'],
    },
    {
      name: 'an older cuDNN',
      engine: 'tensorflow-gpu',
      path: () => peers,
      libraries: makeLibraries(join(folder, 'cuda'), ['libcuda.so.1', ...CUDA_12, 'libcudnn.so.8']),
      expected: ['cuDNN is missing or of another version', 'libcudnn.so.9 cannot be opened', 'cuDNN 9 (9.3 or newer)'],
    },
    {
      name: 'driver and libraries without a GPU',
      engine: 'tensorflow-gpu',
      path: () => peers,
      libraries: makeLibraries(join(folder, 'no-gpu'), ['libcuda.so.1', ...CUDA_12, 'libcudnn.so.9']),
      expected: ['TensorFlow found no GPU', 'CUDA_VISIBLE_DEVICES'],
    },
  ];
  for (const { name, engine, path, undo = () => undefined, libraries = '', expected } of cases) {
    const place = path();
    const said = loadEngine(engine, place === '' ? '' : `${place}:${nodeModules}`, libraries).stderr.trim();
    undo();
    const missing = expected.filter((text) => !said.includes(text));
    report(
      `${name} is one clear message`,
      missing.length === 0 && said.split('UserError').length === 2 && !said.includes('    at '),
      missing.length === 0 ? said.split('\n')[0] : `it lacks "${missing.join('", "')}": ${said}`,
    );
  }
}

/** The package as links, so that parts can be removed; the GPU package is the same package under another name. */
function layOut(peers, packageFolder) {
  for (const name of ['tfjs-node', 'tfjs-node-gpu']) {
    const place = join(peers, '@tensorflow', name);
    mkdirSync(join(place, 'lib/napi-v8'), { recursive: true });
    mkdirSync(join(place, 'deps'));
    cpSync(join(packageFolder, 'dist'), join(place, 'dist'), { recursive: true });
    cpSync(join(packageFolder, 'package.json'), join(place, 'package.json'));
    cpSync(join(packageFolder, BINDING), join(place, BINDING));
    symlinkSync(join(packageFolder, 'deps/lib'), join(place, 'deps/lib'));
  }
}

function hidden(peers, part) {
  const place = join(peers, '@tensorflow/tfjs-node', part);
  return {
    path: () => {
      renameSync(place, `${place}.hidden`);
      return peers;
    },
    undo: () => renameSync(`${place}.hidden`, place),
  };
}

/** A binding that needs a CUDA library, as the GPU binding does, with that library removed. */
function withMissingCuda(peers, folder) {
  const place = join(peers, '@tensorflow/tfjs-node-gpu', BINDING),
    library = join(folder, 'libcudart.so.11.0');
  return {
    path: () => {
      renameSync(place, `${place}.hidden`);
      writeFileSync(join(folder, 'cuda.c'), 'int cudaFree(void) { return 0; }');
      writeFileSync(join(folder, 'binding.c'), 'int cudaFree(void); int use(void) { return cudaFree(); }');
      run('gcc', ['-shared', '-fPIC', '-Wl,-soname,libcudart.so.11.0', '-o', library, join(folder, 'cuda.c')]);
      run('gcc', ['-shared', '-fPIC', '-o', place, join(folder, 'binding.c'), library]);
      rmSync(library);
      return peers;
    },
    undo: () => renameSync(`${place}.hidden`, place),
  };
}

/** Made-up libraries, as a folder for LD_LIBRARY_PATH: a driver that has no device, and the others empty. */
function makeLibraries(folder, names) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'made-up.c'), 'int cuInit(unsigned flags) { return 100; /* CUDA_ERROR_NO_DEVICE */ }');
  for (const name of names)
    run('gcc', ['-shared', '-fPIC', `-Wl,-soname,${name}`, '-o', join(folder, name), join(folder, 'made-up.c')]);
  return folder;
}

/**
 * Calls the engine's loader directly, because the command line first looks for a GPU's device and driver. The
 * dependencies of these packages come from the built ones.
 */
function loadEngine(engine, nodePath, libraries) {
  const script = `const { loadEngine } = await import(${JSON.stringify(join(root, 'packages/engine/src/index.ts'))}); try { await loadEngine('${engine}'); } catch (error) { console.error(error.constructor.name + ': ' + error.message); }`;
  return run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, NODE_PATH: nodePath, LD_LIBRARY_PATH: libraries, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
}
