import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = new URL('.', import.meta.url);

/** Bundles the page's script; `outFile` also goes beside the CLI's bundle, as `report-client.js`. */
export async function buildClient(outFile = fileURLToPath(new URL('dist/report-client.js', root))) {
  // For browsers esbuild writes `</script` as `<\/script`: the script can stand inside a script element.
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
