import { automaticEngines, engines } from '@bakeoff/engine/engines';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The values of `BAKEOFF_ENGINE` in files that cannot import the table of engines. */
function fixedEngines(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/BAKEOFF_ENGINE(?:: *'|=)([\w-]+)/g)].map(
      ([, name]) => `${path}: ${name}`,
    ),
  );
}

it("AWS's training jobs and the GPU image request the automatic engine that uses a GPU", () => {
  const [gpuEngine, ...others] = automaticEngines.filter((name) => engines[name].usesGpu);
  expect(others).toEqual([]);
  const infra = readdirSync(join(root, 'infra/lib'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  );
  const inInfra = fixedEngines(infra.map((path) => `infra/lib/${path}`));
  expect(inInfra).toHaveLength(1);
  for (const fixed of [...inInfra, ...fixedEngines(['Dockerfile'])])
    expect(fixed).toMatch(new RegExp(`: ${gpuEngine}$`));
  expect(fixedEngines(['Dockerfile'])).toHaveLength(1);
});
