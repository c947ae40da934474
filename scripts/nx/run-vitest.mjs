import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const repository = join(import.meta.dirname, '../..');

/**
 * Runs vitest to completion.
 * @returns whether all passed, and, by folder, the counts and whether every file passed; no folders if vitest did not get
 * that far
 */
export async function runVitest(args) {
  const file = join(repository, `out/test-counts/.run-${process.pid}.json`);
  mkdirSync(dirname(file), { recursive: true });
  // nx asks every program for colors, but tests read what programs print.
  const { FORCE_COLOR: _, ...environment } = process.env;
  const exitCode = await new Promise((resolve, reject) => {
    const vitest = [join(repository, 'node_modules/vitest/vitest.mjs'), 'run'];
    const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'count-tests.mjs')}`];
    const child = spawn(process.execPath, [...vitest, ...reporters, ...args], {
      cwd: repository,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...environment, BAKEOFF_TEST_COUNTS: file },
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
  const { complete, folders } = readRun(file);
  rmSync(file, { force: true });
  return { passed: exitCode === 0, complete, folders };
}

function readRun(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { complete: false, folders: {} };
  }
}
