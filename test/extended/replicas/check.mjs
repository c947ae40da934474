// One run on several cores: its speed beside one core's, and that its results are of the same kind.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCifar10, report, run, skip, tail } from '../support/checks.mjs';

const out = mkdtempSync(join(tmpdir(), 'bakeoff-replicas-'));
const bakeoff = (...args) => run(process.execPath, ['packages/cli/bin/bakeoff.js', ...args]);
const read = (...path) => JSON.parse(readFileSync(join(out, ...path), 'utf8'));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

try {
  if (availableParallelism() < 2) skip('speed of replicas', 'this machine has one core');
  else speed();
  const archive = findCifar10();
  if (archive === undefined) skip('statistics of replicas', 'no archive: set BAKEOFF_CIFAR10, or put cifar-10-binary.tar.gz into ~/.cache/bakeoff');
  else statistics(archive);
} finally {
  rmSync(out, { recursive: true, force: true });
}

/** Rounds of one core and two in turn, so that a slower minute of the machine meets both. */
function speed() {
  const { planId, runs } = JSON.parse(bakeoff('plan', join(import.meta.dirname, 'speed.yaml'), '--store', out, '--json').stdout);
  bakeoff('data-prep', '--plan', planId, '--store', out);
  for (const batchSize of [32, 128]) {
    const rounds = [1, 2, 3].map((seed) => [1, 2].map((replicas) => {
      const { id } = runs.find((each) => each.seed === seed && each.batchSize === batchSize && each.recipe.replicas === replicas);
      return measure(planId, id);
    }));
    const ratios = rounds.map(([one, two]) => two.imagesPerSecond / one.imagesPerSecond);
    const [one, two] = [0, 1].map((i) => ({ imagesPerSecond: median(rounds.map((round) => round[i].imagesPerSecond)), mib: Math.max(...rounds.map((round) => round[i].peakMemoryBytes)) / 2 ** 20 }));
    const detail = `${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; ${one.imagesPerSecond.toFixed(0)} and ${two.imagesPerSecond.toFixed(0)} images/s, tensors ${one.mib.toFixed(0)} and ${two.mib.toFixed(0)} MiB`;
    report(`ResNet20 on 2 replicas is at least 1.6 × as fast as on one core, batch ${batchSize}`, median(ratios) >= 1.6, detail);
  }
}

function measure(planId, runId) {
  const trained = bakeoff('train', '--plan', planId, '--run', runId, '--store', out, '--engine', 'wasm');
  if (!trained.passed) throw new Error(tail(trained));
  const [name] = readdirSync(join(out, 'runs', runId, 'measurements'));
  const { epochs, peakMemoryBytes } = read('runs', runId, 'measurements', name);
  return { imagesPerSecond: epochs[1].imagesPerSecond, peakMemoryBytes };
}

function statistics(archive) {
  const trained = bakeoff('run', join(import.meta.dirname, 'statistics.yaml'), '--archive', archive, '--out', out, '--engine', 'wasm');
  if (!trained.passed) return report('replicas train on real CIFAR-10', false, tail(trained));
  const [comparisonId] = readdirSync(join(out, 'comparisons'));
  const { recipes, recipePairs } = read('comparisons', comparisonId, 'comparison.json').sections[0];
  const means = recipes.map(({ mean, accuracies }) => `${mean.toFixed(4)} of ${accuracies.map((value) => value.toFixed(4)).join(', ')}`);
  report("Welch's test over three seeds sees no difference between one replica and two", recipePairs[0].verdict === 'noEvidence', `${means.join('; ')}; p = ${recipePairs[0].pValue.toFixed(2)}`);
}
