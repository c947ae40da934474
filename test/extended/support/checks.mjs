import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');
/** Downloads and environments that the next call reuses, even from another clone. */
export const cache = join(homedir(), '.cache/bakeoff/checks');

/** Prints one check's result; a failure makes the script fail. */
export function report(name, passed, detail = '') {
  console.log(passed ? `ok ${name}${detail === '' ? '' : ` (${detail})`}` : `not ok ${name}: ${detail}`);
  if (!passed) process.exitCode = 1;
}

export function skip(name, why) {
  console.log(`skip ${name}: ${why}`);
}

/** Runs a command to completion and returns what it printed. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...options,
  });
  return { passed: status === 0, status, stdout: stdout ?? '', stderr: stderr ?? String(error ?? '') };
}

export const has = (command) => run(command, ['--version']).passed;

/**
 * The path of a Python environment's interpreter with the packages installed, or undefined if there is no Python or no
 * package index.
 */
export function pythonWith(name, packages) {
  const folder = join(cache, `python-${name}`);
  const python = join(folder, 'bin/python');
  if (
    existsSync(python) &&
    run(python, ['-m', 'pip', 'show', '-q', ...packages.map((entry) => entry.replace(/[=<>[].*/, ''))]).passed
  )
    return python;
  mkdirSync(cache, { recursive: true });
  if (!run('python3', ['-m', 'venv', folder]).passed) return undefined;
  return run(python, ['-m', 'pip', 'install', '-q', ...packages]).passed ? python : undefined;
}

/** The official archive of CIFAR-10, or undefined if there is none. */
export function findCifar10() {
  const maker = join(root, '../shared/tools/cifar10-archive');
  const made = join(cache, 'cifar10/cifar-10-binary.tar.gz');
  const known = [process.env.BAKEOFF_CIFAR10, join(homedir(), '.cache/bakeoff/cifar-10-binary.tar.gz'), made].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (known !== undefined || !existsSync(maker)) return known;
  return run('bash', [maker, join(cache, 'cifar10')]).passed ? made : undefined;
}

/**
 * Runs tests with additional environment variables.
 * @param name a package, or `test`
 * @param filter the beginnings of paths there (default: all of them), then options of vitest
 */
export function vitest(name, filter, env = {}) {
  const folder = name === 'test' ? 'test' : `packages/${name}`;
  const firstOption = filter.findIndex((argument) => argument.startsWith('-'));
  const paths = firstOption === -1 ? filter : filter.slice(0, firstOption);
  const files = paths.length === 0 ? [`${folder}/`] : paths.map((path) => `${folder}/${path}`);
  return run('npx', ['vitest', 'run', ...files, ...filter.slice(paths.length)], { env: { ...process.env, ...env } });
}

/** The end of a failed command's output. */
export const tail = ({ stdout, stderr }) => `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join(' | ');
