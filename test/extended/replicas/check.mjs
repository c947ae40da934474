// One run on several cores: its results are statistically like those of one core.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCifar10, report, run, skip, tail } from '../support/checks.mjs';

const out = mkdtempSync(join(tmpdir(), 'bakeoff-replicas-'));
const bakeoff = (...args) => run(process.execPath, ['packages/cli/bin/bakeoff.js', ...args]);
const read = (...path) => JSON.parse(readFileSync(join(out, ...path), 'utf8'));

try {
  const archive = findCifar10();
  if (archive === undefined)
    skip(
      'statistics of replicas',
      'no archive: set BAKEOFF_CIFAR10, or put cifar-10-binary.tar.gz in ~/.cache/bakeoff',
    );
  else statistics(archive);
} finally {
  rmSync(out, { recursive: true, force: true });
}

function statistics(archive) {
  const trained = bakeoff(
    'run',
    join(import.meta.dirname, 'statistics.yaml'),
    '--archive',
    archive,
    '--out',
    out,
    '--engine',
    'wasm',
  );
  if (!trained.passed) return report('replicas train on real CIFAR-10', false, tail(trained));
  const [comparisonId] = readdirSync(join(out, 'comparisons'));
  const { recipes, recipePairs } = read('comparisons', comparisonId, 'comparison.json').sections[0];
  const means = recipes.map(
    ({ mean, accuracies }) => `${mean.toFixed(4)} of ${accuracies.map((value) => value.toFixed(4)).join(', ')}`,
  );
  report(
    'the test over three seeds and all images sees no difference between one replica and two',
    recipePairs[0].verdict === 'noEvidence',
    `${means.join('; ')}; p = ${recipePairs[0].pValue.toFixed(2)}`,
  );
}
