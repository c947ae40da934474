// kill -9 at twenty seeded points of a training: mid-step, between steps, inside a checkpoint's write, while pruning.
// Then a whole `bakeoff run` of a user's own network, killed twice in the middle of an epoch and resumed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCifar10, report, root, run, skip, tail, vitest } from '../support/checks.mjs';
import { determinedDigests, differences, killTraining } from '../support/killed-runs.mjs';

const killed = vitest('trainer', ['src/kill'], { BAKEOFF_KILL_POINTS: '20' });
report(
  'a training killed at 20 points ends in the bytes of the uninterrupted one',
  killed.passed,
  killed.passed ? '' : tail(killed),
);

const manifest = readFileSync(join(import.meta.dirname, 'own-network.yaml'), 'utf8');
const quickstart = readFileSync(join(root, 'experiments/quickstart.yaml'), 'utf8');
await ownNetwork(
  "the quickstart's images",
  manifest.replace(/^dataset: .*$/m, /^dataset: .*$/m.exec(quickstart)[0]),
  [],
);
const archive = findCifar10();
if (archive === undefined) skip('own network: CIFAR-10', 'no archive');
else await ownNetwork('CIFAR-10', manifest, ['--archive', archive]);

async function ownNetwork(images, text, more) {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-killed-'));
  try {
    const path = join(folder, 'own-network.yaml');
    writeFileSync(path, text);
    const epochs = Number(/maxEpochs: (\d+)/.exec(text)[1]);
    const argumentsOf = (out) => ['run', path, '--engine', 'wasm', '--out', join(folder, out), ...more];
    const whole = run('node', ['packages/cli/bin/bakeoff.js', ...argumentsOf('whole')]);
    const places = [];
    for (const epoch of [2, 3])
      places.push(
        await killTraining(argumentsOf('killed'), (progress) => {
          const stepsPerEpoch = progress.total / epochs;
          const position = progress.done % stepsPerEpoch;
          return progress.epoch === epoch && position > 0 && position < stepsPerEpoch - 1;
        }),
      );
    const resumed = run('node', ['packages/cli/bin/bakeoff.js', ...argumentsOf('killed')]);
    const [first, second] = ['whole', 'killed'].map((out) => determinedDigests(join(folder, out)));
    const differing = differences(first, second);
    const passed =
      whole.passed &&
      resumed.passed &&
      !places.includes(null) &&
      Object.keys(first).length > 8 &&
      differing.length === 0;
    const outcome = `killed at ${places.join(' and ')}; ${Object.keys(first).length} files, ${differing.length} differ`;
    report(
      `own network: on ${images}, killed twice in the middle of an epoch, it ends in the same bytes`,
      passed,
      whole.passed && resumed.passed ? outcome : `${tail(whole)} | ${tail(resumed)}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
