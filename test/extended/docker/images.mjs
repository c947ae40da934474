import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { report, root, run, tail } from '../support/checks.mjs';
import { bases, build, docker, inspect, megabytes } from './engine.mjs';

export const IMAGE = 'bakeoff-check';
export const S3_IMAGE = 'bakeoff-check-s3';
const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'));
/** The state when the images are built, because a file may be edited meanwhile. */
export const revision = readRevision();
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

/** Its user, entry point and labels, and that tools come only from its base. */
export function checkContents(image, base) {
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

export function size(image, base, standIns) {
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
      (chunks.has(name) || !name.endsWith('.js') || name.startsWith('report-')),
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
