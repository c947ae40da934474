// Collects what an image runs: the CLI's bundle, and from node_modules only sharp with its dependencies.
//   usage: node docker/collect-runtime.mjs TARGET_FOLDER
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const target = process.argv[2];
if (target === undefined) throw new Error('usage: collect-runtime.mjs TARGET_FOLDER');
mkdirSync(join(target, 'node_modules'), { recursive: true });
for (const part of ['bin', 'dist', 'package.json']) {
  cpSync(join('packages/cli', part), join(target, part), {
    recursive: true,
    filter: (path) => basename(path) !== 'meta.json',
  });
}

cpSync('LICENSE', join(target, 'LICENSE'));

const copied = new Set();
copyPackage('sharp');

function copyPackage(name) {
  const folder = join('node_modules', name);
  // Optional dependencies for other platforms are not installed.
  if (copied.has(name) || !existsSync(folder)) return;
  copied.add(name);
  cpSync(folder, join(target, 'node_modules', name), { recursive: true });
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) copyPackage(dependency);
}
