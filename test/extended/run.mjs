// The slower checks: real CIFAR-10, real peers. Each is a script that prints `ok NAME`, `not ok NAME: why` or `skip NAME: why`, a line a check,
// and exits non-zero where one failed; a script whose tools are missing skips. Ends with `N passed, N failed, N skipped`.
//   usage: node test/extended/run.mjs [NAME…]        (default: all)
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const scripts = {
  'real-cifar10': 'real-cifar10/check.mjs',
  statistics: 'statistics/check.mjs',
  pytorch: 'pytorch/check.mjs',
  replicas: 'replicas/check.mjs',
  'kill-points': 'kill-points/check.mjs',
  s3: 's3/check.mjs',
  'report-scale': 'report-scale/check.mjs',
  tensorflow: 'tensorflow/check.mjs',
  docker: 'docker/check.mjs',
  aws: 'aws/check.mjs',
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!Object.hasOwn(scripts, name)) {
    console.error(`no extended check is named ${name}; there are: ${Object.keys(scripts).join(', ')}`);
    process.exit(2);
  }
}
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of wanted.length > 0 ? wanted : Object.keys(scripts)) await runScript(name, join(import.meta.dirname, scripts[name]));
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
