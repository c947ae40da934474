// Compiles the native binding of @tensorflow/tfjs-node(-gpu) 4.22 against a libtensorflow, without its install script,
// and with one call more (add-function.mjs). That script needs a prebuilt binding, or node-gyp with Node's headers, and
// fails if their addresses cannot be reached.
//   usage: node build-binding.mjs PACKAGE_FOLDER LIBRARIES [--stock]
// LIBRARIES: a folder with tensorflow/, and for GPUs with nvidia/ beside it, as unpack-libraries.py and pip
// (site-packages) lay them out. The package's deps/lib and deps/nvidia become links to them: the library looks for CUDA,
// cuDNN, ptxas and libdevice in ../nvidia beside its own folder. The dynamic linker follows links first; TensorFlow
// shortens the path first, so that it needs the second link (tsl's FileSystem::TranslateName).
// --stock: without the additional call
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addFunctionTo } from './add-function.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { stock: { type: 'boolean' } } });
const [packageFolder, libraries] = positionals;
if (libraries === undefined) fail('usage: build-binding.mjs PACKAGE_FOLDER LIBRARIES [--stock]');
const folder = resolve(packageFolder);
const library = resolve(libraries, 'tensorflow');
const deps = join(folder, 'deps');
const target = join(folder, 'lib', 'napi-v8');
const NAMES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

for (const needed of ['include/tensorflow/c/c_api.h', ...NAMES]) {
  if (!existsSync(join(library, needed)))
    fail(`${library} does not contain ${needed}: it is not the folder of PyPI's tensorflow or tensorflow-cpu 2.21`);
}
mkdirSync(deps, { recursive: true });
link('lib', library);
link('nvidia', resolve(libraries, 'nvidia'));
mkdirSync(target, { recursive: true });
const sources = temporaryFolder('tfjs-binding-');
cpSync(join(folder, 'binding'), sources, { recursive: true });
if (values.stock !== true) addFunctionTo(sources);
const headers = createRequire(join(folder, 'package.json'))
  .resolve('node-api-headers')
  .replace(/index\.js$/, 'include');
run('g++', [
  '-std=c++17',
  '-O2',
  '-fPIC',
  '-shared',
  '-DNAPI_VERSION=8',
  '-DBUILDING_NODE_EXTENSION',
  `-I${headers}`,
  `-I${folder}`,
  `-I${join(library, 'include')}`,
  join(sources, 'tfjs_backend.cc'),
  join(sources, 'tfjs_binding.cc'),
  `-L${library}`,
  ...NAMES.map((name) => `-l:${name}`),
  '-Wl,-rpath,$ORIGIN/../../deps/lib',
  '-o',
  join(target, 'tfjs_binding.node'),
]);
console.log(`built ${join(target, 'tfjs_binding.node')}`);

function link(name, to) {
  const place = join(deps, name);
  rmSync(place, { recursive: true, force: true });
  if (existsSync(to)) symlinkSync(to, place);
}

function temporaryFolder(prefix) {
  const made = mkdtempSync(join(tmpdir(), prefix));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) fail(`${command} failed`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
