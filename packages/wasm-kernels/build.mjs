// Compiles assembly/ twice into dist/: for plain SIMD, and for relaxed SIMD with fused multiply-add. Does nothing when
// the outputs are newer than the sources. Runs in npm's `prepare`.
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const folder = path.dirname(fileURLToPath(import.meta.url));
const assembly = path.join(folder, 'assembly');
const dist = path.join(folder, 'dist');
const builds = { 'kernels-simd.wasm': [], 'kernels-relaxed-simd.wasm': ['--enable', 'relaxed-simd'] };
const options = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--use',
  'abort=',
  '--memoryBase',
  '0', // no heap, no static data: the memory belongs to another module
  '--importMemory',
  '--initialMemory',
  '0',
  '--enable',
  'simd',
  '--enable',
  'bulk-memory',
];

async function modifiedMs(file) {
  return (await stat(file).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
}

async function isCurrent() {
  const sources = (await readdir(assembly)).map((name) => path.join(assembly, name));
  const newest = Math.max(...(await Promise.all([...sources, fileURLToPath(import.meta.url)].map(modifiedMs))));
  const oldest = Math.min(...(await Promise.all(Object.keys(builds).map((name) => modifiedMs(path.join(dist, name))))));
  return oldest >= newest;
}

async function compile(asc, name, extra) {
  const started = performance.now();
  const outputs = {};
  const { error, stderr } = await asc.main(['index.ts', '--outFile', name, ...options, ...extra], {
    readFile: (file, base) => readFile(path.resolve(assembly, base, file), 'utf8').catch(() => null),
    writeFile: (file, contents) => void (outputs[file] = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`AssemblyScript could not compile ${name}: ${error.message}\n${stderr.toString()}`);
  // Written to a temporary file and renamed, so that a process that starts meanwhile never reads half a module.
  const partial = path.join(dist, `${name}.${process.pid}`);
  await writeFile(partial, outputs[name]);
  await rename(partial, path.join(dist, name));
  console.log(
    `wasm-kernels: ${name}, ${(outputs[name].length / 1024).toFixed(1)} KiB in ${Math.round(performance.now() - started)} ms`,
  );
}

if (!(await isCurrent())) {
  await mkdir(dist, { recursive: true });
  const { default: asc } = await import('assemblyscript/asc');
  for (const [name, extra] of Object.entries(builds)) await compile(asc, name, extra);
}
