// Compiles the native binding of @tensorflow/tfjs-node(-gpu) 4.22 against a libtensorflow, without its install script,
// and with one call more (add-function.mjs). That script needs a prebuilt binding, or node-gyp with Node's headers, and
// fails if their addresses cannot be reached.
//   usage: node build-binding.mjs PACKAGE_FOLDER LIBTENSORFLOW [--stock]
// LIBTENSORFLOW: address or path of a tar.gz with include/ and lib/; --stock: without the additional call
import { spawnSync } from 'node:child_process';
import { cpSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { addFunctionTo } from './add-function.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { stock: { type: 'boolean' } } });
const [packageFolder, source] = positionals;
if (source === undefined) fail('usage: build-binding.mjs PACKAGE_FOLDER LIBTENSORFLOW_TAR_GZ [--stock]');
const folder = resolve(packageFolder);
const deps = join(folder, 'deps');
const target = join(folder, 'lib', 'napi-v8');

mkdirSync(deps, { recursive: true });
run('tar', ['-xzf', await archive(source), '-C', deps]);
for (const needed of ['include/tensorflow/c/c_api.h', 'lib/libtensorflow.so', 'lib/libtensorflow_framework.so']) {
  if (!existsSync(join(deps, needed))) fail(`${source} does not contain ${needed}: it is not a libtensorflow`);
}
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
  `-I${join(deps, 'include')}`,
  join(sources, 'tfjs_backend.cc'),
  join(sources, 'tfjs_binding.cc'),
  `-L${join(deps, 'lib')}`,
  '-ltensorflow',
  '-ltensorflow_framework',
  '-Wl,-rpath,$ORIGIN/../../deps/lib',
  '-o',
  join(target, 'tfjs_binding.node'),
]);
console.log(`built ${join(target, 'tfjs_binding.node')}`);

async function archive(place) {
  if (!/^https?:/.test(place)) return resolve(place);
  const response = await fetch(place);
  if (!response.ok)
    fail(
      `${place} answered ${response.status} ${response.statusText}; set TFJS_NODE_BASE_URI to a mirror that has libtensorflow 2.9.1`,
    );
  const file = join(temporaryFolder('libtensorflow-'), 'libtensorflow.tar.gz');
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
  return file;
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
