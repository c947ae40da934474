// ResNet20 on two replicas beside one core: the ratio of their images a second.
//   usage: node test/bench/replicas.mjs
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tail } from '../extended/support/checks.mjs';
import { median } from './table.mjs';

const out = mkdtempSync(join(tmpdir(), 'bakeoff-replicas-'));
const bakeoff = (...args) => run(process.execPath, ['packages/cli/bin/bakeoff.js', ...args]);

try {
  if (availableParallelism() < 2) console.log('This machine has one core: nothing to compare.');
  else {
    // What is measured is the bundle.
    if (!run(process.execPath, ['packages/cli/build.mjs']).passed) throw new Error('the command line cannot be built');
    speed();
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

/** Rounds of one core and two in turn, so that a slower minute of the machine meets both. */
function speed() {
  const { planId, runs } = JSON.parse(bakeoff('plan', join(import.meta.dirname, 'replicas.yaml'), '--store', out, '--json').stdout);
  bakeoff('data-prep', '--plan', planId, '--store', out);
  for (const batchSize of [32, 128]) {
    const rounds = [1, 2, 3, 4, 5].map((seed) => [1, 2].map((replicas) => {
      const { id } = runs.find((each) => each.seed === seed && each.batchSize === batchSize && each.recipe.replicas === replicas);
      return measure(planId, id);
    }));
    const ratios = rounds.map(([one, two]) => two.imagesPerSecond / one.imagesPerSecond);
    const [one, two] = [0, 1].map((i) => ({ imagesPerSecond: median(rounds.map((round) => round[i].imagesPerSecond)), mib: Math.max(...rounds.map((round) => round[i].peakMemoryBytes)) / 2 ** 20 }));
    const detail = `${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; ${one.imagesPerSecond.toFixed(0)} and ${two.imagesPerSecond.toFixed(0)} images/s, tensors ${one.mib.toFixed(0)} and ${two.mib.toFixed(0)} MiB`;
    console.log(`batch ${batchSize}: ${median(ratios).toFixed(2)} times (${detail})`);
  }
}

function measure(planId, runId) {
  const trained = bakeoff('train', '--plan', planId, '--run', runId, '--store', out, '--engine', 'wasm');
  if (!trained.passed) throw new Error(tail(trained));
  const [name] = readdirSync(join(out, 'runs', runId, 'measurements'));
  const { epochs, peakMemoryBytes } = JSON.parse(readFileSync(join(out, 'runs', runId, 'measurements', name), 'utf8'));
  return { imagesPerSecond: epochs[1].imagesPerSecond, peakMemoryBytes };
}
