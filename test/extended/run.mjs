// The slower checks: real CIFAR-10, real peers. Each is a script that prints `ok NAME`, `not ok NAME: why` or `skip NAME: why`, a line a check,
// and exits non-zero where one failed; a script whose tools are missing skips. Ends with `N passed, N failed, N skipped`.
//   usage: node test/extended/run.mjs [--minutes N] [NAME…]        (default: all; with a limit, those that do not fit in are skipped)
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

/** By worth; `minutes` is what each takes on two cores of a machine that has none of its peers yet. */
const checks = {
  'real-cifar10': { script: 'real-cifar10/check.mjs', minutes: 5 },
  docker: { script: 'docker/check.mjs', minutes: 8 },
  aws: { script: 'aws/check.mjs', minutes: 4 },
  statistics: { script: 'statistics/check.mjs', minutes: 2 },
  s3: { script: 's3/check.mjs', minutes: 3 },
  pytorch: { script: 'pytorch/check.mjs', minutes: 5 },
  tensorflow: { script: 'tensorflow/check.mjs', minutes: 6 },
  'kill-points': { script: 'kill-points/check.mjs', minutes: 3 },
  replicas: { script: 'replicas/check.mjs', minutes: 3 },
  'report-scale': { script: 'report-scale/check.mjs', minutes: 2 },
};

const { values, positionals: wanted } = parseArgs({
  options: { minutes: { type: 'string', default: 'Infinity' } },
  allowPositionals: true,
});
const limitMinutes = Number(values.minutes);
for (const name of wanted) {
  if (!Object.hasOwn(checks, name)) {
    console.error(`no extended check is named ${name}; there are: ${Object.keys(checks).join(', ')}`);
    process.exit(2);
  }
}
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of wanted.length > 0 ? wanted : Object.keys(checks)) {
  const { script, minutes } = checks[name];
  if (performance.now() / 60_000 + minutes <= limitMinutes) await runScript(name, join(import.meta.dirname, script));
  else {
    console.log(
      `\n▸ ${name}\n  skip ${name}: ${limitMinutes} minutes are too few for it (node test/extended/run.mjs ${name})`,
    );
    counts.skipped++;
  }
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

async function runScript(name, file) {
  const startMs = performance.now();
  console.log(`\n▸ ${name}`);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const failedBefore = counts.failed;
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(`  ${line}`);
    if (line.startsWith('ok ')) counts.passed++;
    else if (line.startsWith('not ok ')) counts.failed++;
    else if (line.startsWith('skip ')) counts.skipped++;
  }
  const exitCode = child.exitCode ?? (await new Promise((resolve) => child.once('close', resolve)));
  if (exitCode !== 0 && counts.failed === failedBefore) {
    console.log(`  not ok ${name}: the script ended with exit code ${exitCode}`);
    counts.failed++;
  }
  console.log(`  ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
}
