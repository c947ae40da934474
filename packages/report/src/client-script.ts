import { readFile } from 'node:fs/promises';

/** The script of the report's page. */
export function clientScript(): Promise<string> {
  return bundle('report-client.js');
}

/** The script of a page that follows a study: the same, and what keeps it up to date. */
export function liveScript(): Promise<string> {
  return bundle('report-live.js');
}

/**
 * A bundled client, from `dist/` next to the package's sources, or next to the CLI's bundle. Both are one folder up from
 * the importing file and then in `dist`. `build.mjs` writes them.
 */
async function bundle(name: string): Promise<string> {
  const file = new URL(`../dist/${name}`, import.meta.url);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${file.pathname} is missing: run \`npm run prepare\``, { cause: error });
  }
}
