import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = new URL('.', import.meta.url);

/** Bundles the page's script; a copy of `outFile` goes next to the CLI's bundle, as `report-client.js`. */
export async function buildClient(outFile = fileURLToPath(new URL('dist/report-client.js', root))) {
  // For browsers, esbuild writes `</script` as `<\/script`, so that the script can be placed inside a script element.
  await build({
    platform: 'browser',
    entryPoints: [fileURLToPath(new URL('src/client/main.ts', root))],
    outfile: outFile,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient();
