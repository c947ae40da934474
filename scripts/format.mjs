// Formats the sources. With --check, lists those that are not formatted and exits with 1.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './ensure-installed.mjs';

const OXFMT = join(dirname(createRequire(import.meta.url).resolve('oxfmt/package.json')), 'bin/oxfmt');

const check = process.argv.includes('--check');
const sourcesFine = check
  ? oxfmt('--list-different', '.')
  : // A few constructs are stable only after the second pass.
    oxfmt('.') && oxfmt('.');
if (check && !sourcesFine) console.error('Not formatted: run npm run format');
process.exitCode = sourcesFine ? 0 : 1;

function oxfmt(...args) {
  return spawnSync(process.execPath, [OXFMT, ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}
