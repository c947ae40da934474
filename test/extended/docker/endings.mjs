import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { report, root, tail } from '../support/checks.mjs';
import { docker } from './engine.mjs';
import { IMAGE } from './images.mjs';
import { bakeoff } from './pipelines.mjs';

/**
 * `docker stop`, Ctrl-C and the death of bakeoff end a training with a checkpoint; the next start resumes from there,
 * with the same result.
 */
export async function checkEndings(folder) {
  const run = runOf(join(folder, 'plain'), 'resnet');
  await checkDockerStop(folder, run);
  await checkCtrlC(folder, run);
}

async function checkDockerStop(folder, { planId, runId }) {
  const store = preparedCopy(folder, 'stopped');
  const args = [
    '--read-only',
    '--network=none',
    `--volume=${store}:/data/out`,
    IMAGE,
    'train',
    '--plan',
    planId,
    '--run',
    runId,
    '--store',
    'out',
  ];
  const id = docker('run', '--detach', ...args).stdout.trim();
  await until(() => logs(id).includes('epoch 1'));
  const startMs = performance.now();
  docker('stop', '--time', '30', id);
  const took = (performance.now() - startMs) / 1000;
  const exitCode = docker('inspect', '--format', '{{.State.ExitCode}}', id).stdout.trim();
  const kept = checkpoints(store, runId);
  docker('rm', '--volumes', id);
  report(
    'docker stop ends a training within 10 s with a checkpoint',
    took < 10 && exitCode === '75' && kept.length > 0,
    `${took.toFixed(1)} s, exit code ${exitCode}, ${kept.length} checkpoint(s)`,
  );
  const next = docker('run', '--rm', ...args);
  const same = next.passed && sameRun(folder, store, runId);
  report(
    'the next start resumes from the checkpoint, to the bytes of an uninterrupted training',
    next.stderr.includes('resumes from step') && same,
    next.passed ? '' : tail(next),
  );
}

async function checkCtrlC(folder, { runId }) {
  const store = preparedCopy(folder, 'interrupted');
  const stopped = await endRun(folder, store, 'SIGINT');
  const left = trainings();
  report(
    'Ctrl-C in run --docker stops its containers with their checkpoints',
    stopped.exitCode === 130 && stopped.took < 10 && left === '' && checkpoints(store, runId).length > 0,
    `${stopped.took.toFixed(1)} s, exit code ${stopped.exitCode}`,
  );
  const before = latestStep(store, runId);
  await endRun(folder, store, 'SIGKILL');
  const startMs = performance.now();
  await until(() => trainings() === '', 100);
  report(
    'containers stop with their checkpoints when bakeoff itself is killed',
    trainings() === '' && latestStep(store, runId) > before,
    `${((performance.now() - startMs) / 1000).toFixed(1)} s`,
  );
  const next = bakeoff(['run', 'experiments/tiny.yaml', '--docker', '--out', store], folder);
  report(
    'the same command continues, to the same bytes',
    next.passed && next.stderr.includes('resumes from step') && sameRun(folder, store, runId),
    next.passed ? '' : tail(next),
  );
}

/** Starts `run --docker`, and sends it a signal once the longer training is running. */
async function endRun(folder, store, signal) {
  const child = spawn(
    process.execPath,
    [
      join(root, 'packages/cli/bin/bakeoff.js'),
      'run',
      'experiments/tiny.yaml',
      '--docker',
      '--jobs',
      '2',
      '--out',
      store,
    ],
    { cwd: folder, env: { ...process.env, BAKEOFF_IMAGE: IMAGE } },
  );
  let said = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  await until(() => /resnet +epoch \d/.test(said));
  const startMs = performance.now();
  child.kill(signal);
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  return { exitCode, took: (performance.now() - startMs) / 1000 };
}

const trainings = () => docker('ps', '--quiet', '--filter', 'name=bakeoff-train-').stdout.trim();

/** A store with plan and dataset that any user may write. */
export function preparedCopy(folder, name) {
  const store = join(folder, name);
  mkdirSync(store);
  for (const part of ['plans', 'datasets']) cpSync(join(folder, 'plain', part), join(store, part), { recursive: true });
  for (const path of ['', ...readdirSync(store, { recursive: true })]) chmodSync(join(store, path), 0o777);
  return store;
}

export function runOf(store, experiment) {
  const [planId] = readdirSync(join(store, 'plans'));
  const plan = JSON.parse(readFileSync(join(store, 'plans', planId, 'plan.json'), 'utf8'));
  return { planId, runId: plan.runs.find(({ experiments }) => experiments.includes(experiment)).runId };
}

function checkpoints(store, runId) {
  const folder = join(store, 'runs', runId, 'attempts');
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((path) => /checkpoints\/\d+/.test(path))
    : [];
}

/** Older checkpoints are removed, so only the step reveals a new one. */
function latestStep(store, runId) {
  return Math.max(0, ...checkpoints(store, runId).map((path) => Number.parseInt(basename(path), 10)));
}

function sameRun(folder, store, runId) {
  const record = (place) => readFileSync(join(place, 'runs', runId, 'run.json'));
  return existsSync(join(store, 'runs', runId, 'run.json')) && record(join(folder, 'plain')).equals(record(store));
}

function logs(id) {
  const { stdout, stderr } = docker('logs', id);
  return stdout + stderr;
}

async function until(holds, attempts = 600) {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
