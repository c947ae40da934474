// Bundles the CLI into dist/: processes and images run this bundle, so that start-up takes milliseconds.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const dist = join(here, 'dist');
/** Running processes load chunks of the bundle that they started from, so old chunks are kept for this long. */
const KEPT_CHUNKS_MS = 24 * 3600 * 1000;
/** Their completion is written by the build: see bin/built-completion.js. */
const completions = ['bash', 'zsh', 'fish'].map((shell) => ({ shell, name: `completion.${shell}` }));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

const { outputFiles, metafile } = await build({
  entryPoints: {
    main: join(here, 'src/main.ts'),
    // The trainer looks for its replicas' threads beside the chunk it ends up in.
    'replica-worker': join(here, '../trainer/src/replicas/run-replica.ts'),
  },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // One folder: tfjs-backend-wasm's Emscripten glue looks for its .wasm files beside the chunk it ends up in.
  chunkNames: '[name]-[hash]',
  // Native addons, and linkedom's optional canvas.
  external: ['sharp', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu', 'canvas'],
  define: {
    BAKEOFF_VERSION: JSON.stringify(version),
    BAKEOFF_REVISION: JSON.stringify(codeRevision()),
    BAKEOFF_MANIFESTS: JSON.stringify(shippedManifests('quickstart', 'stepik-cifar10')),
    __dirname: 'import.meta.dirname',
    __filename: 'import.meta.filename',
  },
  // CommonJS dependencies (tfjs) call require for Node's own modules.
  banner: {
    js: "import { createRequire as bakeoffCreateRequire } from 'node:module'; globalThis.require ??= bakeoffCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
  metafile: true,
  write: false,
});

mkdirSync(dist, { recursive: true });
const tfjsWasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const beside = [tfjsWasm, join(here, '../wasm-kernels/prebuilt'), join(here, '../report/dist')].flatMap((folder) =>
  besideFiles(folder),
);
for (const file of beside) place(basename(file), (path) => copyFileSync(file, path));
// Entry points come last, when the chunks that they import exist.
const isStarted = ({ name }) => Number(['main.js', 'replica-worker.js'].includes(name));
const chunks = outputFiles
  .map(({ path, contents }) => ({ name: basename(path), contents }))
  .toSorted((a, b) => isStarted(a) - isStarted(b));
for (const { name, contents } of chunks) place(name, (path) => writeFileSync(path, contents));
place('meta.json', (path) => writeFileSync(path, JSON.stringify(metafile)));
for (const { shell, name } of completions)
  place(name, (path) =>
    writeFileSync(path, execFileSync(process.execPath, [join(dist, 'main.js'), 'completion', shell])),
  );
removeStale(
  new Set([
    ...beside.map((file) => basename(file)),
    ...chunks.map(({ name }) => name),
    'meta.json',
    ...completions.map(({ name }) => name),
  ]),
);

/** What the bundle reads at run time: WebAssembly modules, native kernels with their checksums, the report's script. */
function besideFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.(wasm|js|node|json)$/.test(name) && (folder !== tfjsWasm || name.endsWith('.wasm')))
    .map((name) => join(folder, name));
}

/** A process that starts in the meantime reads the whole old file or the whole new one. */
function place(name, write) {
  const partial = join(dist, `.${name}.${process.pid}`);
  write(partial);
  renameSync(partial, join(dist, name));
}

function removeStale(current) {
  for (const name of readdirSync(dist)) {
    if (!current.has(name) && Date.now() - statSync(join(dist, name)).mtimeMs > KEPT_CHUNKS_MS)
      rmSync(join(dist, name), { force: true });
  }
}

/** The manifests that `bakeoff init` has as templates. */
function shippedManifests(...names) {
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(here, `../../experiments/${name}.yaml`), 'utf8')]),
  );
}

/** The commit that the bundle is built from. Image builds, which have no repository, pass it in. */
function codeRevision() {
  if (process.env.BAKEOFF_REVISION) return process.env.BAKEOFF_REVISION;
  const head = git('rev-parse', 'HEAD');
  if (head.status !== 0) return 'unknown';
  const changed = git('status', '--porcelain', '--untracked-files=no').stdout.trim() !== '';
  return head.stdout.trim() + (changed ? '-modified' : '');
}

function git(...args) {
  return spawnSync('git', args, { cwd: here, encoding: 'utf8' });
}
