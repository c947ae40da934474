// The slower checks: real CIFAR-10, real peers. Each is a script that prints `ok NAME`, `not ok NAME: why` or `skip
// NAME: why`, one line per check, and exits non-zero if one failed; a script whose tools are missing skips. Ends with
// `N passed, N failed, N skipped`.
//   usage: node test/extended/run.mjs [--minutes N] [--turn N] [--plan] [NAME…]
// Runs all of them, or those named. With --minutes, those that do not fit are left out. The commit's hash decides which
// one comes first (--turn: the Nth), so that each gets its turn. --plan prints the order and runs nothing.
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

/**
 * `minutes` is how long each takes on two cores of a machine that has none of the peer tools yet. `always`: comes first,
 * whatever the turn, because it needs no peers and was left out of `npm test` only for its time.
 */
const checks = {
  processes: { script: 'processes/check.mjs', minutes: 2, always: true },
  pictures: { script: 'pictures/check.mjs', minutes: 1, always: true },
  watch: { script: 'watch/check.mjs', minutes: 2 },
  'real-cifar10': { script: 'real-cifar10/check.mjs', minutes: 5 },
  docker: { script: 'docker/check.mjs', minutes: 9 },
  'gpu-image': { script: 'docker/check-gpu-image.mjs', minutes: 15 },
  aws: { script: 'aws/check.mjs', minutes: 8 },
  'aws-docs': { script: 'aws-docs/check.mjs', minutes: 5 },
  statistics: { script: 'statistics/check.mjs', minutes: 8 },
  s3: { script: 's3/check.mjs', minutes: 3 },
  pytorch: { script: 'pytorch/check.mjs', minutes: 5 },
  tensorflow: { script: 'tensorflow/check.mjs', minutes: 9 },
  'kill-points': { script: 'kill-points/check.mjs', minutes: 5 },
  replicas: { script: 'replicas/check.mjs', minutes: 3 },
  native: { script: 'native/check.mjs', minutes: 6 },
  avx512: { script: 'native/avx512.mjs', minutes: 16 },
  sources: { script: 'sources/check.mjs', minutes: 8 },
  readme: { script: 'readme/check.mjs', minutes: 10 },
  'report-scale': { script: 'report-scale/check.mjs', minutes: 2 },
};

const { wanted, limitMinutes, turn, planOnly } = readArguments();
const counts = { passed: 0, failed: 0, skipped: 0 };
const leftOut = [];
let plannedMinutes = 0;
// A check that is named is run, however long it takes.
for (const name of wanted.length > 0 ? wanted : inTurn(Object.keys(checks))) {
  const { script, minutes } = checks[name];
  const spentMinutes = planOnly ? plannedMinutes : performance.now() / 60_000;
  if (wanted.length === 0 && spentMinutes + minutes > limitMinutes) leftOut.push(name);
  else if (planOnly) {
    console.log(`${name}: about ${minutes} minutes`);
    plannedMinutes += minutes;
  } else await runScript(name, join(import.meta.dirname, script));
}
if (leftOut.length > 0) {
  console.log(`\nLeft out, because ${limitMinutes} minutes are not enough for all: ${leftOut.join(', ')}`);
  console.log(`To run them: node test/extended/run.mjs ${leftOut.join(' ')}`);
}
if (!planOnly) {
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + leftOut.length} skipped`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

function readArguments() {
  const { values, positionals } = parse();
  for (const name of positionals)
    if (!Object.hasOwn(checks, name))
      refuse(`no extended check is named ${name}; there are: ${Object.keys(checks).join(', ')}`);
  return {
    wanted: positionals,
    limitMinutes: numberOf('minutes', values.minutes ?? 'Infinity'),
    turn: values.turn === undefined ? drawTurn() : numberOf('turn', values.turn),
    planOnly: values.plan,
  };
}

function parse() {
  try {
    return parseArgs({
      options: { minutes: { type: 'string' }, turn: { type: 'string' }, plan: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    // Node's message ends with advice on `--` that does not help here.
    return refuse(`${error.message.split('. ')[0]}; there are: --minutes N, --turn N, --plan`);
  }
}

function numberOf(name, text) {
  const number = Number(text);
  return text !== '' && number >= 0 ? number : refuse(`--${name} takes a number that is not negative, not ${text}`);
}

/**
 * Ends the call after a user's mistake.
 * @returns {never}
 */
function refuse(message) {
  console.error(message);
  process.exit(2);
}

/** A hash instead of a count of commits, because CI may clone a single commit. Without git, it is always 0. */
function drawTurn() {
  try {
    return parseInt(
      execFileSync('git', ['rev-parse', '--short=8', 'HEAD'], { stdio: ['ignore', 'pipe', 'ignore'] }),
      16,
    );
  } catch {
    return 0;
  }
}

function inTurn(names) {
  const always = names.filter((name) => checks[name].always);
  const others = names.filter((name) => !checks[name].always);
  const first = Math.trunc(turn) % others.length;
  return [...always, ...others.slice(first), ...others.slice(0, first)];
}

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
