import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, report, root, run, skip, tail } from '../support/checks.mjs';
import { bases, build, docker, inspect, megabytes } from './engine.mjs';
import { makeLibtensorflow, serveFile } from '../support/libtensorflow.mjs';

export const IMAGE = 'bakeoff-check';
export const S3_IMAGE = 'bakeoff-check-s3';
const GPU_IMAGE = 'bakeoff-check-gpu';
const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'));
/** The state when the images are built, because a file may be edited meanwhile. */
const revision = readRevision();
const BUILD_TOOLS = ['g++', 'gcc', 'cc', 'make', 'python3', 'npm', 'npx', 'yarn', 'git'];

export async function checkCpuImage({ standIns }) {
  const built = await build('cpu', IMAGE, { REVISION: revision });
  report('the CPU image builds', built.passed, built.passed ? size(IMAGE, bases.RUNTIME_IMAGE, standIns) : tail(built));
  if (!built.passed) return false;
  checkContents(IMAGE, bases.RUNTIME_IMAGE);
  const same = JSON.stringify(bundleOfImage()) === JSON.stringify(bundleHere());
  report(
    'the image holds this repository’s bundle, byte for byte',
    same,
    same ? '' : 'the files of /opt/bakeoff/dist and packages/cli/dist differ',
  );
  return true;
}

/** With a CPU libtensorflow instead of the GPU's: this proves the image's layout and the binding, but not CUDA. */
export async function checkGpuImage({ standIns }) {
  let archive;
  try {
    archive = makeLibtensorflow(join(cache, 'libtensorflow'));
  } catch (error) {
    return skip('the GPU image', `no libtensorflow to build it with: ${error.message}`);
  }
  const server = await serveFile(archive);
  const built = await build('gpu', GPU_IMAGE, { REVISION: revision, TFJS_NODE_BASE_URI: server.baseUri });
  server.close();
  report(
    'the GPU image builds, with its libtensorflow from TFJS_NODE_BASE_URI',
    built.passed,
    built.passed ? `${size(GPU_IMAGE, bases.CUDA_IMAGE, standIns)}, with PyPI’s CPU libtensorflow 2.21` : tail(built),
  );
  if (!built.passed) return;
  checkContents(GPU_IMAGE, bases.CUDA_IMAGE);
  const product =
    "const tf = require('@tensorflow/tfjs-node-gpu'); const a = tf.tensor2d([[1, 2], [3, 4]]); console.log(tf.getBackend(), tf.matMul(a, a).arraySync().join());";
  const computed = docker(
    'run',
    '--rm',
    '--read-only',
    '--network=none',
    '--workdir=/opt/bakeoff',
    '--entrypoint=node',
    GPU_IMAGE,
    '-e',
    product,
  );
  report(
    'TensorFlow computes through the binding in the GPU image (layout, not CUDA)',
    computed.stdout.trim() === 'tensorflow 7,10,15,22',
    tail(computed),
  );
}

/** Its user, entry point and labels, and that tools come only from its base. */
function checkContents(image, base) {
  const { Config: config } = inspect(image);
  const label = (name) => config.Labels?.[`org.opencontainers.image.${name}`];
  const facts = {
    user: config.User === '1000:1000',
    init: config.Entrypoint?.[0] === '/usr/bin/tini',
    labels:
      label('revision') === revision &&
      label('version') === version &&
      [label('title'), label('description'), label('licenses')].every(Boolean),
  };
  const wrong = Object.keys(facts).filter((name) => !facts[name]);
  report(`${image} is non-root, has an init and its labels`, wrong.length === 0, wrong.join(', '));
  const added = toolsOf(image).filter((tool) => !toolsOf(base).includes(tool));
  report(`${image} adds no build tools`, added.length === 0, added.join(', '));
  const answer = docker('run', '--rm', '--read-only', '--network=none', '--cap-drop=ALL', image, '--version');
  report(`${image} starts with a read-only root file system`, answer.passed, answer.passed ? '' : tail(answer));
}

function toolsOf(image) {
  return docker(
    'run',
    '--rm',
    '--network=none',
    '--entrypoint=sh',
    image,
    '-c',
    `for tool in ${BUILD_TOOLS.join(' ')}; do command -v $tool; done; true`,
  )
    .stdout.split('\n')
    .filter(Boolean);
}

function size(image, base, standIns) {
  const [whole, below] = [inspect(image).Size, inspect(base).Size];
  return `${megabytes(whole - below)} over its base of ${megabytes(below)}${standIns ? ', a stand-in' : ''}`;
}

/** The version that the bundle names. */
function readRevision() {
  const head = run('git', ['rev-parse', 'HEAD']).stdout.trim() || 'unknown';
  return run('git', ['status', '--porcelain', '--untracked-files=no']).stdout.trim() === '' ? head : `${head}-modified`;
}

const byName = ([a], [b]) => (a < b ? -1 : 1);

function bundleOfImage() {
  const lines = docker(
    'run',
    '--rm',
    '--network=none',
    '--entrypoint=sh',
    IMAGE,
    '-c',
    'cd /opt/bakeoff/dist && sha256sum *',
  )
    .stdout.trim()
    .split('\n');
  return lines.map((line) => line.split(/\s+/).toReversed()).toSorted(byName);
}

/** The files of the newest build; a working copy also keeps chunks of earlier builds. */
function bundleHere() {
  const folder = join(root, 'packages/cli/dist');
  const { outputs } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  const chunks = new Set(Object.keys(outputs).map((path) => path.split('/').at(-1)));
  const names = readdirSync(folder).filter(
    (name) =>
      !name.startsWith('.') &&
      name !== 'meta.json' &&
      (chunks.has(name) || !name.endsWith('.js') || name === 'report-client.js'),
  );
  return names
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ])
    .toSorted(byName);
}
