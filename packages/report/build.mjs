import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('.', import.meta.url);

/**
 * Bundles the scripts of the page: `report-client.js` of a complete report, `report-live.js` of a page that follows a
 * study. Copies go next to the CLI's bundle.
 */
export async function buildClients(outFolder = fileURLToPath(new URL('dist', root))) {
  // For browsers, esbuild writes `</script` as `<\/script`, so that the script can be placed inside a script element.
  await build({
    platform: 'browser',
    entryPoints: {
      'report-client': fileURLToPath(new URL('src/client/main.ts', root)),
      'report-live': fileURLToPath(new URL('src/client/live-main.ts', root)),
    },
    outdir: outFolder,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClients();
