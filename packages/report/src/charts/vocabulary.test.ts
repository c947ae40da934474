import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('gives the charts’ names without loading a charting library, a DOM or Markdown', async () => {
  const { metafile } = await build({
    platform: 'node',
    format: 'esm',
    entryPoints: [new URL('vocabulary.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    metafile: true,
  });
  expect(Object.keys(metafile.inputs).filter((path) => /node_modules|client\/|page\/page\.ts/.test(path))).toEqual([]);
});
