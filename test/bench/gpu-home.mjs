// Where the engine's processes of `npm run bench:gpu` run: in the GPU image, or here.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../extended/support/checks.mjs';
import { makeTfjsNode } from '../extended/support/tfjs-node.mjs';

const IMAGE = 'bakeoff-gpu';
const PACKAGES = { 'tensorflow-gpu': 'tfjs-node-gpu', tensorflow: 'tfjs-node' };

/**
 * `{ home }`, or `{ error }`. A home has `launch`, which makes a command of Node's arguments, and `close`. The image is
 * the one that is named, or bakeoff-gpu for the engine that needs it.
 */
export function chooseHome(engine, named) {
  const image = named ?? (engine === 'tensorflow-gpu' && hasImage(IMAGE) ? IMAGE : undefined);
  if (image === undefined) return findPackage(engine);
  return hasImage(image) ? { home: imageHome(engine, image) } : { error: `there is no image ${image}: docs/docker.md` };
}

const hasImage = (image) => spawnSync('docker', ['image', 'inspect', image]).status === 0;

/** The repository is mounted, so that the image needs nothing for measuring. */
function imageHome(engine, image) {
  const peers = mkdtempSync(join(tmpdir(), 'bakeoff-bench-'));
  mkdirSync(join(peers, '@tensorflow'));
  // On the CPU device, the image's package serves under the other one's name.
  symlinkSync('/opt/bakeoff/node_modules/@tensorflow/tfjs-node-gpu', join(peers, '@tensorflow', PACKAGES[engine]));
  const options = [
    '--rm',
    '--interactive',
    '--network=none',
    `--user=${process.getuid()}:${process.getgid()}`,
    `--volume=${root}:${root}:ro`,
    `--volume=${peers}:/peers:ro`,
    `--workdir=${root}`,
    '--env=NODE_PATH=/peers',
    '--env=TF_CPP_MIN_LOG_LEVEL=2',
    '--entrypoint=node',
    ...(engine === 'tensorflow-gpu' ? ['--gpus=all', '--env=CUDA_DEVICE_ORDER=PCI_BUS_ID'] : []),
  ];
  return {
    image,
    launch: (args) => ['docker', ['run', ...options, image, ...args]],
    close: () => rmSync(peers, { recursive: true, force: true }),
  };
}

/** The package that is installed; for CPUs, one that is built into a cache. */
function findPackage(engine) {
  const name = `@tensorflow/${PACKAGES[engine]}`;
  const home = { launch: (args) => [process.execPath, args], close: () => undefined };
  try {
    createRequire(import.meta.url).resolve(name);
    return { home };
  } catch {
    if (engine === 'tensorflow-gpu')
      return { error: `neither the image ${IMAGE} nor the package ${name} is here: docs/gpu.md says how to get them` };
  }
  try {
    process.env.NODE_PATH = makeTfjsNode();
    return { home };
  } catch (error) {
    return { error: `${name} is not available: ${error.message}` };
  }
}
