// Data sets of four shapes (28×28 gray in IDX files, CIFAR-100's archive, a folder of 64×64 gray images, 96×96 in an
// .npz) each go through the whole pipeline on the plain JavaScript engine. The first run is killed while it trains, and
// the next one resumes: its records are those of a run that nothing stopped. Then the peak memory of preparing 60,000
// images of 32×32×3 (184 MB of pixels) and 10,000 of 256×256×3 (1.97 GB).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, root, run } from '../support/checks.mjs';
import { determinedDigests, differences, killTraining } from '../support/killed-runs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bakeoff-sources-'));
const bakeoff = join(root, 'packages/cli/bin/bakeoff.js');

const manifest = (name, dataset, more = '') => {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(
    path,
    `name: ${name}
dataset: ${dataset}
defaults: { optimizer: { type: adam, learningRate: 3e-3 }, batchSize: 16, maxEpochs: 3, seeds: [1]${more} }
experiments:
  - { id: small, model: { type: resnet, blocks: [1], channels: [4], firstChannels: 4 } }
`,
  );
  return path;
};

const sets = {
  'fashion-mnist': [
    '{ source: fashion-mnist, validation: 40 }',
    ['--archive', `fashion-mnist=${join(folder, 'fashion')}`],
  ],
  cifar100: [
    '{ source: cifar100, labels: coarse, validation: 40 }',
    ['--archive', `cifar100=${join(folder, 'cifar100.tar.gz')}`],
  ],
  'gray-folder': [
    '{ source: image-folder, path: gray, size: 64, color: gray }',
    [],
    ', augmentation: { transforms: [{ type: rotation, degrees: 10 }, { type: horizontalFlip }] }',
  ],
  'npz-96': ['{ source: tensors, path: images.npz }', []],
};

try {
  const made = run('npx', ['tsx', 'test/extended/sources/make-inputs.ts', folder]);
  report('small inputs', made.passed, made.stderr.trim().split('\n').at(-1));
  for (const [name, [dataset, args, more]] of Object.entries(sets)) await throughPipeline(name, dataset, args, more);
  measureMemory();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function throughPipeline(name, dataset, args, more) {
  const path = manifest(name, dataset, more);
  const argumentsOf = (out) => ['run', path, '--engine', 'cpu', '--out', join(folder, out), '--jobs', '1', ...args];
  const whole = run('node', [bakeoff, ...argumentsOf(`${name}-whole`)]);
  const killed = await killTraining(argumentsOf(`${name}-killed`), ({ epoch }) => epoch === 2);
  const resumed = run('node', [bakeoff, ...argumentsOf(`${name}-killed`)]);
  const [first, second] = [`${name}-whole`, `${name}-killed`].map((out) => determinedDigests(join(folder, out)));
  const count = Object.keys(first).length;
  const differing = differences(first, second);
  report(
    `${name}: from images to a page, killed and resumed to the same records`,
    whole.passed && killed !== null && resumed.passed && count > 8 && differing.length === 0,
    whole.passed && resumed.passed
      ? `killed at ${killed}; ${count} files, ${differing.length} differ`
      : `${whole.stdout.slice(-600)}${whole.stderr.slice(-600)}`,
  );
}

function measureMemory() {
  run('npx', ['tsx', 'test/extended/sources/make-inputs.ts', folder, 'large']);
  for (const [name, limitMib] of [
    ['usual', 500],
    ['large', 500],
  ]) {
    const path = manifest(name, `{ source: tensors, path: ${name}.npy, labelsPath: ${name}-labels.npy }`);
    const args = ['data-prep', path, '--out', join(folder, `${name}-out`), '--cache', join(folder, 'cache'), '--json'];
    const script = join(import.meta.dirname, 'peak-memory.mjs');
    const { stdout, stderr, passed } = run('node', [script, bakeoff, ...args]);
    const mib = Number(/peak (\d+) MiB/.exec(stdout)?.[1]);
    report(
      `${name}: data-prep stays under ${limitMib} MiB`,
      passed && mib < limitMib,
      passed ? `peak ${mib} MiB` : stderr,
    );
    rmSync(join(folder, `${name}-out`), { recursive: true, force: true });
  }
}
