import '../packages/cli/bin/require-node.js';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** Installs the packages that the lockfile names, unless they are installed. */
export function ensureInstalled() {
  // npm writes this file at the end of an installation.
  const installed = changedMs('node_modules/.package-lock.json');
  if (installed < changedMs('package-lock.json')) {
    console.log('Installing dependencies: npm ci');
    run(npm, ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
    // The installation ends by running the builds of `prepare`.
    return { prepared: true };
  }
  return { prepared: false };
}

/** Installs what is missing, and bundles the current sources. */
export function ensurePrepared() {
  if (!ensureInstalled().prepared) run(npm, ['run', '--silent', 'prepare']);
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function changedMs(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Runs a command in the repository's root; ends this process if it fails. */
export function run(command, args) {
  const { status, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(signal === 'SIGINT' ? 130 : (status ?? 1));
}
