// Real CIFAR-10 images: data preparation's speed and memory, and CIFARnet's accuracy over three seeds compared with
// PyTorch's.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCifar10, report, run, skip, tail } from '../support/checks.mjs';

const archive = findCifar10();
if (archive === undefined)
  skip('real CIFAR-10', 'no archive: set BAKEOFF_CIFAR10, or put cifar-10-binary.tar.gz in ~/.cache/bakeoff');
else {
  preparationSpeed();
  accuracy();
}

function preparationSpeed() {
  const bench = run('npx', ['tsx', 'test/bench/data-prep/unpack-speed.ts', archive]);
  report(
    'preparing all of CIFAR-10 takes at most twice gzip -dc and writing, and under 500 MiB',
    bench.passed,
    tail(bench),
  );
}

function accuracy() {
  const peer = JSON.parse(readFileSync(join(import.meta.dirname, 'pytorch.json'), 'utf8'));
  const out = mkdtempSync(join(tmpdir(), 'bakeoff-real-'));
  try {
    const trained = run(process.execPath, [
      'packages/cli/bin/bakeoff.js',
      'run',
      join(import.meta.dirname, 'cifarnet-seeds.yaml'),
      '--archive',
      archive,
      '--out',
      out,
      '--engine',
      'wasm',
    ]);
    if (!trained.passed) return report('CIFARnet trains on real CIFAR-10', false, tail(trained));
    const [recipe] = newestComparison(out).sections[0].recipes;
    const peerMean = peer.testAccuracy.reduce((sum, value) => sum + value, 0) / peer.testAccuracy.length;
    const accuracies = recipe.accuracies.map((value) => value.toFixed(4)).join(', ');
    const detail = `mean ${recipe.mean.toFixed(4)} of ${accuracies}; PyTorch ${peer.version}: ${peerMean.toFixed(4)}`;
    report(
      "CIFARnet's mean test accuracy over three seeds is within 0.015 of PyTorch's and at least 0.665",
      Math.abs(recipe.mean - peerMean) <= 0.015 && recipe.mean >= 0.665,
      detail,
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function newestComparison(out) {
  const found = run('find', [join(out, 'comparisons'), '-name', 'comparison.json'])
    .stdout.trim()
    .split('\n');
  return JSON.parse(readFileSync(found[0], 'utf8'));
}
