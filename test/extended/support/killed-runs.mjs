// `bakeoff run` killed while it trains, and what a store then holds that the inputs determine.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './checks.mjs';

const bakeoff = join(root, 'packages/cli/bin/bakeoff.js');

/**
 * Kills a run and all of its processes (SIGKILL) at the first progress of a training that `isPlace` accepts.
 * @param {string[]} args
 * @param {(progress: { done: number, total: number, epoch: number }) => boolean} isPlace
 * @returns {Promise<string | null>} where that was, or null if the run ended before
 */
export async function killTraining(args, isPlace) {
  const child = spawn(process.execPath, [bakeoff, ...args, '--json'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let place = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, unit, done, total, figures } = JSON.parse(line);
    if (place !== null || type !== 'progress' || unit !== 'steps') continue;
    if (!isPlace({ done, total, epoch: figures.epoch })) continue;
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    place = `step ${done} of ${total}`;
  }
  return place;
}

/**
 * The SHA-256 of every file that the inputs determine, by its path in the store: datasets, runs with weights and
 * histories, evaluations with predictions, comparisons.
 * @param {string} out
 */
export function determinedDigests(out) {
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(out.length + 1))
    .filter((path) => /^(datasets|runs|evaluations|comparisons)\//.test(path) && !path.includes('/measurements/'));
  return Object.fromEntries(
    files.sort().map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(out, path)))
        .digest('hex'),
    ]),
  );
}

/** The paths at which two such lists differ. */
export function differences(first, second) {
  return [...new Set([...Object.keys(first), ...Object.keys(second)])].filter((path) => first[path] !== second[path]);
}
