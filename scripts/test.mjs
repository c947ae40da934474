// `npm test`: type check, format, lint, unused code and every default test. What nx knows to be unchanged since it last
// passed is not run again, unless CI is set or --skip-nx-cache is given. Other arguments after `--` are passed to
// vitest, which then runs only those tests.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './ensure-installed.mjs';
import { findBrowser } from './find-browser.mjs';
import { runTargets } from './nx/run-targets.mjs';
import { runVitest } from './nx/run-vitest.mjs';
import { describeCounts, readCounts, sumCounts } from './nx/test-counts.mjs';

const CHECKS = { typecheck: 'type check', format: 'format', lint: 'lint', unused: 'unused code' };
const SKIP_CACHE = '--skip-nx-cache';
const startMs = performance.now();
const selection = process.argv.slice(2).filter((argument) => argument !== SKIP_CACHE);
const skipCache = process.argv.includes(SKIP_CACHE) || !['', '0', 'false', undefined].includes(process.env.CI);

ensureInstalled();
const browser = findBrowser() ?? installBrowser();
const { passed, checks, tests } = await (selection.length > 0 ? runSelection() : runAll());

const summary = checks.map((task) =>
  mark(task.passed, `${CHECKS[task.target]} ${task.cached ? 'cached' : seconds(task.ms)}`),
);
console.log(
  `\n${[...summary, mark(tests.passed, 'tests')].join('   ')}   (${seconds(performance.now() - startMs)} in all)`,
);
const cached = tests.tasks.filter((task) => task.cached);
if (cached.length > 0) {
  const { passed, skipped } = sumCounts(cached.map(({ folder }) => readCounts(folder)));
  console.log(
    `Cached, because nothing that they read has changed: ${passed + skipped} tests of ${cached.map(({ folder }) => folder).join(', ')}`,
  );
}
if (browser === undefined)
  console.log(
    '⚠ NO CHROMIUM: the browser tests were SKIPPED. Install it (Debian: apt-get install chromium fonts-dejavu-core).',
  );
if (tests.counts !== undefined) console.log(describeCounts(tests.counts));
process.exitCode = passed ? 0 : 1;

/** The checks run beside the tests, many of which wait for processes, servers and the browser. */
async function runAll() {
  const { passed, tasks } = await runTargets([...Object.keys(CHECKS), 'test'], { parallel: 2, skipCache });
  const tested = tasks.filter(({ target }) => target === 'test');
  return {
    passed,
    checks: checksOf(tasks),
    tests: {
      passed: tested.length > 0 && tested.every((task) => task.passed),
      tasks: tested,
      counts: sumCounts(tested.map(({ folder }) => readCounts(folder))),
    },
  };
}

async function runSelection() {
  const checks = await runTargets(Object.keys(CHECKS), { parallel: 2, skipCache });
  const { passed, folders } = await runVitest(selection);
  const counts = sumCounts(Object.values(folders).map((folder) => folder.counts));
  return { passed: checks.passed && passed, checks: checksOf(checks.tasks), tests: { passed, tasks: [], counts } };
}

function checksOf(tasks) {
  return tasks.filter(({ target }) => target in CHECKS);
}

function mark(passed, text) {
  return `${passed ? '✔' : '✖'} ${text}`;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(0)} s`;
}

/** Installs the browser if this is Debian and we are root, as in CI. */
function installBrowser() {
  if (process.getuid?.() !== 0 || !apt('--version')) return undefined;
  console.log('Installing Chromium for the browser tests (apt-get)');
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
