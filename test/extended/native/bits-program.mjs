// The program that prints the kernels' bits, and what two of its answers have in common.
import { build } from 'esbuild';
import { copyFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { report, tail } from '../support/checks.mjs';

/** Reports whether what another processor printed is what WebAssembly prints here. */
export function reportBits(name, here, there) {
  const isSame = here.passed && there.passed && here.stdout === there.stdout;
  const cases = isSame ? Object.values(JSON.parse(here.stdout)).flatMap((each) => Object.keys(each)).length : 0;
  report(name, isSame, isSame ? `${cases} cases` : differences(here, there));
}

/** Bits by case, of all shapes. */
const flat = ({ stdout }) => Object.assign({}, ...Object.values(JSON.parse(stdout)));

function differences(here, there) {
  if (!here.passed || !there.passed) return tail(here.passed ? there : here);
  const [expected, found] = [flat(here), flat(there)];
  const differing = Object.keys(expected).filter((name) => expected[name] !== found[name]);
  return `${differing.length} cases differ: ${differing.slice(0, 3).join('; ')}`;
}

/**
 * Bundles `print-bits.mjs` next to its WebAssembly and its addons; vitest, which the helpers of tests import, is left out.
 */
export async function bundleBits(kernels, folder) {
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
    // TensorFlow.js's packages say wrongly which of their modules have side effects.
    ignoreAnnotations: true,
    logLevel: 'error',
  });
  const tfjs = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  for (const from of [join(kernels, 'prebuilt'), tfjs])
    for (const name of readdirSync(from).filter((file) => /\.(wasm|node|json)$/.test(file)))
      copyFileSync(join(from, name), join(folder, name));
  return join(folder, 'print-bits.mjs');
}
