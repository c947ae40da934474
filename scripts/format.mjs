// Formats the sources. With --check, lists those that are not formatted and exits with 1.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './ensure-installed.mjs';

const OXFMT = join(dirname(createRequire(import.meta.url).resolve('oxfmt/package.json')), 'bin/oxfmt');
const ASSEMBLY = join(root, 'packages/wasm-kernels/assembly');

const check = process.argv.includes('--check');
const sourcesFine = check
  ? oxfmt('--list-different', '.')
  : // A few constructs are stable only after the second pass.
    oxfmt('.') && oxfmt('.');
const assemblyFine = formatAssembly();
if (check && !(sourcesFine && assemblyFine)) console.error('Not formatted: run npm run format');
process.exitCode = sourcesFine && assemblyFine ? 0 : 1;

function oxfmt(...args) {
  return spawnSync(process.execPath, [OXFMT, ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

/**
 * AssemblyScript is TypeScript except for decorated functions, whose decorators pass through the formatter as comments.
 */
function formatAssembly() {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-format-'));
  try {
    const files = readdirSync(ASSEMBLY).filter((file) => file.endsWith('.ts'));
    const before = files.map((file) => readFileSync(join(ASSEMBLY, file), 'utf8'));
    files.forEach((file, i) => writeFileSync(join(folder, file), before[i].replaceAll(/^@inline$/gm, '//@inline')));
    const args = ['-c', join(root, '.oxfmtrc.json'), folder];
    if (!(oxfmt(...args) && oxfmt(...args))) return false;
    const after = files.map((file) =>
      readFileSync(join(folder, file), 'utf8').replaceAll(/^\/\/@inline$/gm, '@inline'),
    );
    const different = files.filter((_, i) => before[i] !== after[i]);
    if (check) for (const file of different) console.log(join('packages/wasm-kernels/assembly', file));
    else files.forEach((file, i) => before[i] !== after[i] && writeFileSync(join(ASSEMBLY, file), after[i]));
    return !check || different.length === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
