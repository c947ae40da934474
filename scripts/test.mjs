// `npm test`: type check, lint and every default test. Arguments after `--` go to vitest.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensureInstalled, run } from './ensure-installed.mjs';

const CHROMIUM_PATHS = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].filter(Boolean);
const startMs = performance.now();

ensureInstalled();
const browser = findBrowser() ?? installBrowser();

const steps = [
  ['type check', ['npx', ['nx', 'run-many', '-t', 'typecheck', '--outputStyle=stream']]],
  ['lint', ['npx', ['oxlint', '--type-aware']]],
  ['tests', ['npx', ['vitest', 'run', ...process.argv.slice(2)]]],
];
const env = { ...process.env, NX_DAEMON: 'false', ...(browser === undefined ? {} : { CHROMIUM_PATH: browser }) };
const results = steps.map(([name, [command, args]]) => {
  const stepMs = performance.now();
  console.log(`\n▸ ${name}`);
  const passed = run(command, args, { tolerate: true, env });
  return { name, passed, seconds: (performance.now() - stepMs) / 1000 };
});

const summary = results.map(({ name, passed, seconds }) => `${passed ? '✔' : '✖'} ${name} ${seconds.toFixed(0)} s`).join('   ');
console.log(`\n${summary}   (${((performance.now() - startMs) / 1000).toFixed(0)} s in all)`);
if (browser === undefined) console.log('⚠ NO CHROMIUM: the tests in a browser were SKIPPED. Install it (Debian: apt-get install chromium fonts-dejavu-core), or set CHROMIUM_PATH.');
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

function findBrowser() {
  return CHROMIUM_PATHS.find((path) => existsSync(path));
}

/** Where this is a Debian and we are root, as in CI, the browser is one command away. */
function installBrowser() {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return undefined;
  console.log('Installing Chromium for the tests in a browser (apt-get)');
  const apt = (...args) => spawnSync('apt-get', args, { stdio: 'ignore', timeout: 120_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  const packages = ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
  if (!apt(...packages)) apt('update', '-qq') && apt(...packages);
  return findBrowser();
}
