import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { report, run, skip, tail } from '../support/checks.mjs';
import { bases, build, docker } from './engine.mjs';
import { checkContents, revision, size } from './images.mjs';

const GPU_IMAGE = 'bakeoff-check-gpu';
const PACKAGES = '/opt/bakeoff/node_modules/@tensorflow';

/**
 * Builds the GPU image and trains in it on the processor. `libraries` is `gpu`, or `cpu` for the twin whose TensorFlow
 * has no CUDA, a sixth of the size: the same layout and binding. Returns the image's name, or undefined.
 */
export async function checkGpuImage({ standIns }, libraries, folder) {
  const built = await build('gpu', GPU_IMAGE, { REVISION: revision, LIBRARIES: libraries });
  const what = libraries === 'gpu' ? 'with TensorFlow 2.21, CUDA 12 and cuDNN 9' : 'its twin without CUDA';
  report(
    `the GPU image builds, ${what}`,
    built.passed,
    built.passed ? size(GPU_IMAGE, bases.RUNTIME_IMAGE, standIns) : tail(built),
  );
  if (!built.passed) return undefined;
  checkContents(GPU_IMAGE, bases.RUNTIME_IMAGE);
  if (libraries === 'gpu') checkXlaTools();
  checkTraining(folder);
  checkMissingLibrary(folder, libraries);
  return GPU_IMAGE;
}

/** XLA's assembler and CUDA's device library, where TensorFlow looks for them from the binding's place. */
function checkXlaTools() {
  const place = `${PACKAGES}/tfjs-node-gpu/deps/nvidia/cuda_nvcc`;
  const script = `${place}/bin/ptxas --version && ls ${place}/nvvm/libdevice/libdevice.10.bc`;
  const ran = docker('run', '--rm', '--read-only', '--network=none', '--entrypoint=sh', GPU_IMAGE, '-c', script);
  const version = /release [\d.]+/.exec(ran.stdout)?.[0];
  report('XLA finds ptxas and libdevice in the GPU image', ran.passed, ran.passed ? `ptxas ${version}` : tail(ran));
}

/** The package for GPUs computes on the processor too, under the name of the other one. */
function checkTraining(folder) {
  const peers = join(folder, 'peers/@tensorflow');
  mkdirSync(peers, { recursive: true });
  symlinkSync(`${PACKAGES}/tfjs-node-gpu`, join(peers, 'tfjs-node'));
  const owner = `${process.getuid()}:${process.getgid()}`;
  const place = [`--user=${owner}`, `--volume=${folder}:/data`, '--env=NODE_PATH=/data/peers'];
  const command = ['run', 'experiments/tiny.yaml', '--engine', 'tensorflow', '--out', 'gpu-image'];
  const trained = runImage(place, command);
  const builds = trained.passed ? buildsOf(join(folder, 'gpu-image')) : [];
  report(
    'the GPU image runs a manifest on TensorFlow’s CPU device (layout and binding, not CUDA)',
    builds.length > 0 && builds.every((build) => build.startsWith('TensorFlow 2.21.0, CPU')),
    trained.passed ? builds.join(', ') : tail(trained),
  );
}

/** The builds of the engine that a store's measurements name. */
function buildsOf(store) {
  const measurements = readdirSync(store, { recursive: true }).filter((path) => /^runs\/.*\/measurements\//.test(path));
  return [...new Set(measurements.map((path) => JSON.parse(readFileSync(join(store, path), 'utf8')).engine.build))];
}

/** A made-up driver lets the engine look further, for a library that is not there. */
function checkMissingLibrary(folder, libraries) {
  const driver = join(folder, 'driver');
  mkdirSync(join(driver, 'none'), { recursive: true });
  const made = run('sh', [
    '-c',
    `echo 'int cuInit(unsigned flags) { return 100; }' | gcc -shared -fPIC -Wl,-soname,libcuda.so.1 -x c -o "$0/libcuda.so.1" - && printf '#!/bin/sh\\necho "0, GPU-1, 580.178.04, 15360, 1, 0, Tesla T4"\\n' > "$0/nvidia-smi" && chmod 755 "$0/nvidia-smi"`,
    driver,
  ]);
  if (!made.passed) return skip('the GPU image names a missing library', tail(made));
  const [what, file] = libraries === 'gpu' ? ['cuDNN', 'libcudnn.so.9'] : ['CUDA', 'libcudart.so.12'];
  const place = [
    `--volume=${driver}:/driver:ro`,
    '--env=LD_LIBRARY_PATH=/driver',
    '--env=PATH=/driver:/usr/local/bin:/usr/bin:/bin',
    // The twin lacks all of them.
    ...(libraries === 'gpu' ? [`--volume=${driver}/none:/opt/libraries/nvidia/cudnn/lib:ro`] : []),
  ];
  const examined = runImage(place, ['doctor', '--json']);
  const { reason } = JSON.parse(examined.stdout || '{"engines":[{}]}').engines[0];
  report(
    'the GPU image names a missing library in one message',
    reason === `${what} is missing or of another version: ${file} cannot be opened`,
    reason ?? tail(examined),
  );
}

function runImage(place, command) {
  return docker('run', '--rm', '--read-only', '--network=none', ...place, GPU_IMAGE, ...command);
}
