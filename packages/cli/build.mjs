// Bundles the CLI into dist/: processes and images run this bundle, so that start-up takes milliseconds.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const dist = join(here, 'dist');
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const { metafile } = await build({
  entryPoints: [join(here, 'src/main.ts')],
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
    __dirname: 'import.meta.dirname',
    __filename: 'import.meta.filename',
  },
  // CommonJS dependencies (tfjs) call require for Node's own modules.
  banner: { js: "import { createRequire as bakeoffCreateRequire } from 'node:module'; globalThis.require ??= bakeoffCreateRequire(import.meta.url);" },
  logLevel: 'warning',
  metafile: true,
});
writeFileSync(join(dist, 'meta.json'), JSON.stringify(metafile));

const tfjsWasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
copyWhere(tfjsWasm, (name) => name.endsWith('.wasm'));
copyWhere(join(here, '../wasm-kernels/dist'), (name) => name.endsWith('.wasm'));
copyWhere(join(here, '../report/dist'), (name) => name.endsWith('.js'));

function copyWhere(folder, wanted) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter(wanted)) copyFileSync(join(folder, name), join(dist, name));
}

/** The commit the bundle is made from; images, which have no repository, hand it in. */
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
