// @tensorflow/tfjs-node with a locally built binding instead of the one that its install script would download.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, has, root, run, tail } from './checks.mjs';
import { fetchLibtensorflow } from './libtensorflow.mjs';

const NAME = 'tfjs-node',
  VERSION = '4.22.0';
/** Builds the binding, for the GPU image too. */
const BUILDER = join(root, 'docker/gpu');

/**
 * The folder for NODE_PATH with the package, which the first call builds against PyPI's libtensorflow for CPUs. Throws,
 * with the reason, if a part is not available.
 */
export function makeTfjsNode() {
  const folder = join(cache, `${NAME}-${VERSION}`),
    nodeModules = join(folder, 'node_modules');
  const digest = builderDigest(),
    built = join(folder, 'built');
  if (existsSync(built) && readFileSync(built, 'utf8') === digest) return nodeModules;
  if (!has('g++')) throw new Error('no g++ to build the binding with');
  const libraries = fetchLibtensorflow();
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'bakeoff-peers',
      private: true,
      dependencies: { [`@tensorflow/${NAME}`]: VERSION, 'node-api-headers': '1.7.0' },
    }),
  );
  must(run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder }), 'npm install');
  must(
    run(process.execPath, [join(BUILDER, 'build-binding.mjs'), join(nodeModules, '@tensorflow', NAME), libraries]),
    'building the binding',
  );
  writeFileSync(built, digest);
  return nodeModules;
}

/** Of the files that say how the binding is built: a change of theirs builds it anew. */
function builderDigest() {
  const hash = createHash('sha256');
  for (const name of readdirSync(BUILDER).toSorted())
    if (/\.(mjs|cc|py)$|-cpu\.txt$/.test(name)) hash.update(readFileSync(join(BUILDER, name)));
  return hash.digest('hex');
}

function must(result, what) {
  if (!result.passed) throw new Error(`${what} failed: ${tail(result)}`);
}
