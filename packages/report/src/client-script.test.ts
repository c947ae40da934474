import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { clientScript } from './client-script.ts';

it('the built client matches these sources (run `npm run prepare`), and cannot end its script element', async () => {
  const { outputFiles } = await build({
    platform: 'browser',
    entryPoints: [new URL('client/main.ts', import.meta.url).pathname],
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  const script = await clientScript();
  expect(script === outputFiles[0]!.text).toBe(true);
  expect(script).not.toMatch(/<\/script/i);
});
