import { readFile } from 'node:fs/promises';

/**
 * The bundled client, from `dist/report-client.js` next to the package's sources, or next to the CLI's bundle. Both are
 * one folder up from the importing file and then in `dist`. `build.mjs` writes it.
 */
export async function clientScript(): Promise<string> {
  const file = new URL('../dist/report-client.js', import.meta.url);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${file.pathname} is missing: run \`npm run prepare\``, { cause: error });
  }
}
