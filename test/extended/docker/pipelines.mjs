import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { report, root, run, skip, tail } from '../support/checks.mjs';
import { build, docker, findCompose } from './engine.mjs';
import { IMAGE, S3_IMAGE } from './images.mjs';
import { differences } from './results.mjs';

const PROGRAM = join(root, 'packages/cli/bin/bakeoff.js');
const MANIFEST = 'experiments/tiny.yaml';
const PROJECT = `bakeoff-check-${process.pid}`;
const STAGES = ['plan', 'data-prep', 'train', 'evaluate', 'compare', 'report'];

export const bakeoff = (args, cwd, env = {}) =>
  run(process.execPath, [PROGRAM, ...args], { cwd, env: { ...process.env, BAKEOFF_IMAGE: IMAGE, ...env } });

export function checkRunInContainers(folder) {
  const startMs = performance.now();
  const boxed = bakeoff(['run', MANIFEST, '--docker', '--out', 'boxed'], folder);
  report(
    'bakeoff run --docker does every stage in a container',
    boxed.passed && boxed.stderr.includes(`containers with docker: ${IMAGE}`),
    boxed.passed ? seconds(startMs) : tail(boxed),
  );
  if (boxed.passed) compare('run --docker', join(folder, 'plain'), join(folder, 'boxed'));
}

export async function checkCompose(folder) {
  const compose = findCompose();
  if (compose === undefined) return skip('docker compose', 'neither docker compose nor docker-compose is installed');
  const env = { BAKEOFF_IMAGE: IMAGE, S3_IMAGE, MANIFEST, COMPOSE_PROJECT_NAME: PROJECT, S3_PORT: '0' };
  const call = (...args) =>
    compose(['--file', join(root, 'compose.yaml'), '--project-directory', folder, '--profile', 's3', ...args], env);
  try {
    if (checkStages('over a volume', (stage) => call('run', '--rm', '--no-deps', stage)))
      compare(
        'docker compose over a volume',
        join(folder, 'plain'),
        copyOut(`${PROJECT}_data`, 'out', join(folder, 'volume')),
      );
    const server = await build('s3', S3_IMAGE);
    report('the S3 server’s image builds', server.passed, server.passed ? '' : tail(server));
    if (!server.passed) return;
    const startMs = performance.now();
    const whole = call('up', '--no-color', 'report-s3');
    report(
      'docker compose runs the whole pipeline in turn, with its store in S3',
      whole.passed && whole.stdout.includes('report: s3://bakeoff/results/'),
      whole.passed ? seconds(startMs) : tail(whole),
    );
    if (!whole.passed) return;
    checkStages('over S3', (stage) => call('run', '--rm', '--no-deps', `${stage}-s3`));
    compare(
      'docker compose over S3',
      join(folder, 'plain'),
      namesOfObjects(copyOut(`${PROJECT}_s3`, 'bakeoff/results', join(folder, 's3'))),
    );
  } finally {
    call('down', '--volumes', '--timeout', '1');
  }
}

function checkStages(where, runStage) {
  const startMs = performance.now();
  for (const stage of STAGES) {
    const ended = runStage(stage);
    if (!ended.passed) return report(`docker compose runs every stage ${where}`, false, `${stage}: ${tail(ended)}`);
  }
  report(`docker compose runs every stage ${where}`, true, seconds(startMs));
  return true;
}

function compare(name, expected, actual) {
  const differing = differences(expected, actual);
  report(`${name} gives the bytes of plain processes`, differing.length === 0, differing.slice(0, 5).join('; '));
}

/** Copies part of a volume to a local folder. */
function copyOut(volume, part, target) {
  mkdirSync(target);
  docker(
    'run',
    '--rm',
    '--network=none',
    '--user=0:0',
    `--volume=${volume}:/from:ro`,
    `--volume=${target}:/to`,
    '--entrypoint=cp',
    IMAGE,
    '-r',
    `/from/${part}/.`,
    '/to',
  );
  return target;
}

/** The server keeps an object's bytes next to two files of its own. */
function namesOfObjects(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.name.endsWith('._S3rver_object')) renameSync(path, path.replace(/\._S3rver_object$/, ''));
    else if (entry.isFile()) rmSync(path);
  }
  return folder;
}

const seconds = (startMs) => `${((performance.now() - startMs) / 1000).toFixed(0)} s`;
