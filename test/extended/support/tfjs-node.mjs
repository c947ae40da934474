// @tensorflow/tfjs-node with a binding built here against PyPI's libtensorflow (see libtensorflow.mjs): what its install script would download.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, has, root, run, tail } from './checks.mjs';
import { makeLibtensorflow } from './libtensorflow.mjs';

const VERSION = '4.22.0';
const folder = join(cache, `tfjs-node-${VERSION}`);
/** For NODE_PATH. */
export const nodeModules = join(folder, 'node_modules');
export const packageFolder = join(nodeModules, '@tensorflow/tfjs-node');

/** Builds at the first call. Throws, with the reason, where a part cannot be had. */
export function makeTfjsNode() {
  if (existsSync(join(folder, 'built'))) return;
  if (!has('g++')) throw new Error('no g++ to build the binding with');
  const archive = makeLibtensorflow(join(cache, 'libtensorflow'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bakeoff-check-peers', private: true, dependencies: { '@tensorflow/tfjs-node': VERSION, 'node-api-headers': '1.7.0' } }));
  must(run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder }), 'npm install');
  must(run(process.execPath, [join(root, 'docker/gpu/build-binding.mjs'), packageFolder, archive]), 'building the binding');
  writeFileSync(join(folder, 'built'), '');
}

function must(result, what) {
  if (!result.passed) throw new Error(`${what} failed: ${tail(result)}`);
}
