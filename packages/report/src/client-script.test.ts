import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { clientScript, liveScript } from './client-script.ts';

it.each([
  ['main.ts', clientScript],
  ['live-main.ts', liveScript],
])(
  'the built client of %s matches these sources (run `npm run prepare`), and cannot end its script element',
  async (entry, script) => {
    const { outputFiles } = await build({
      platform: 'browser',
      entryPoints: [new URL(`client/${entry}`, import.meta.url).pathname],
      write: false,
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2022',
      charset: 'utf8',
      legalComments: 'none',
    });
    const text = await script();
    expect(text === outputFiles[0]!.text).toBe(true);
    expect(text).not.toMatch(/<\/script/i);
  },
);
