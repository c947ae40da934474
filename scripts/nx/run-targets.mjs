import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repository } from './run-vitest.mjs';

const NX = join(repository, 'node_modules/nx/dist/bin/nx.js');
/** Where nx records how its last run went. */
const RUN = resolve(repository, process.env.NX_CACHE_DIRECTORY ?? '.nx/cache', 'run.json');

const SETTINGS = {
  // A .env file is meant only for compose.yaml.
  NX_LOAD_DOT_ENV_FILES: 'false',
  // A process per plugin would cost more than everything else that nx does here.
  NX_ISOLATE_PLUGINS: 'false',
};

/**
 * Runs targets of every project that has them.
 * @returns whether all passed, and each task: its project's folder, target, whether it passed, whether its result is
 * cached, and how long it took
 */
export async function runTargets(targets, { parallel, skipCache }) {
  rmSync(RUN, { force: true });
  const options = ['--outputStyle=static', `--parallel=${parallel}`, ...(skipCache ? ['--skip-nx-cache'] : [])];
  const exitCode = await new Promise((done, fail) => {
    const child = spawn(process.execPath, [NX, 'run-many', '-t', ...targets, ...options], {
      cwd: repository,
      stdio: 'inherit',
      env: { ...process.env, ...SETTINGS },
    });
    child.on('error', fail);
    child.on('close', done);
  });
  return { passed: exitCode === 0, tasks: readTasks() };
}

/** Empty if nx did not get that far. */
function readTasks() {
  try {
    const folders = foldersByProject();
    const { tasks } = JSON.parse(readFileSync(RUN, 'utf8'));
    return tasks.map(({ projectName, target, status, cacheStatus, startTime, endTime }) => ({
      folder: folders.get(projectName),
      target,
      passed: status === 0,
      cached: cacheStatus !== 'cache-miss',
      ms: Date.parse(endTime) - Date.parse(startTime),
    }));
  } catch {
    return [];
  }
}

function foldersByProject() {
  const folders = [
    ...readdirSync(join(repository, 'packages')).map((name) => `packages/${name}`),
    'infra',
    'test',
    '.',
  ];
  return new Map(
    folders.map((folder) => [JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')).name, folder]),
  );
}
