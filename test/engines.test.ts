import { jobs } from '@bakeoff/core';
import { automaticEngines, engines } from '@bakeoff/engine/engines';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it("AWS's training jobs and the GPU image request the automatic engine that uses a GPU", () => {
  const [gpuEngine, ...others] = automaticEngines.filter((name) => engines[name].usesGpu);
  expect(others).toEqual([]);
  const onGpus = Object.values(jobs).filter(({ batch }) => batch.gpus > 0);
  expect(onGpus.map(({ batch }) => batch.engine)).toEqual([gpuEngine]);
  // The Dockerfile cannot import the table of engines.
  const dockerfile = readFileSync(join(import.meta.dirname, '../Dockerfile'), 'utf8');
  const fixed = [...dockerfile.matchAll(/BAKEOFF_ENGINE=([\w-]+)/g)].map(([, name]) => name);
  expect(fixed).toEqual([gpuEngine]);
});
