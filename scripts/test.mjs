// `npm test`: type check, lint and every default test. Arguments after `--` go to vitest.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root, run } from './ensure-installed.mjs';

const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const COUNTS = join(root, 'out/test-counts.json');
const startMs = performance.now();

ensureInstalled();
rmSync(COUNTS, { force: true });
const browser = findBrowser() ?? installBrowser();

const results = [
  // Two programs instead of one a package: only the report's script knows a browser.
  step('type check', 'npx', ['tsc', '-p', '.']),
  step("type check of the report's script", 'npx', ['tsc', '-p', 'packages/report']),
  step('format', process.execPath, ['scripts/format.mjs', '--check']),
  step('lint', 'npx', ['oxlint', '--type-aware']),
  step('unused code', 'npx', ['knip']),
  step('tests', 'npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${COUNTS}`,
    ...process.argv.slice(2),
  ]),
];
const counts = readCounts();

const summary = results
  .map(({ name, passed, seconds }) => `${passed ? '✔' : '✖'} ${name} ${seconds.toFixed(0)} s`)
  .join('   ');
console.log(`\n${summary}   (${((performance.now() - startMs) / 1000).toFixed(0)} s in all)`);
if (browser === undefined)
  console.log(
    '⚠ NO CHROMIUM: the tests in a browser were SKIPPED. Install it (Debian: apt-get install chromium fonts-dejavu-core).',
  );
if (counts !== undefined)
  console.log(
    `${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${counts.numPendingTests + counts.numTodoTests} skipped`,
  );
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

/** Vitest's counts; none where it did not get as far. */
function readCounts() {
  return existsSync(COUNTS) ? JSON.parse(readFileSync(COUNTS, 'utf8')) : undefined;
}

function findBrowser() {
  return CHROMIUM_PATHS.find((path) => existsSync(path));
}

function step(name, command, args) {
  const stepMs = performance.now();
  console.log(`\n▸ ${name}`);
  const passed = run(command, args, { tolerate: true });
  return { name, passed, seconds: (performance.now() - stepMs) / 1000 };
}

/** Where this is a Debian and we are root, as in CI, the browser is one command away. */
function installBrowser() {
  if (process.getuid?.() !== 0 || !apt('--version')) return undefined;
  console.log('Installing Chromium for the tests in a browser (apt-get)');
  const packages = ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
  if (!apt(...packages) && apt('update', '-qq')) apt(...packages);
  return findBrowser();
}

function apt(...args) {
  return (
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      timeout: 120_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  );
}
