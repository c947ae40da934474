import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, startBakeoff, temporaryFolder } from '../support/bakeoff.ts';
import { digests, until } from '../support/files.ts';
import { TINY_MODEL, writeTinyManifest } from '../support/manifests.ts';

const timeout = 180_000;
const isDetermined = (path: string) =>
  path.includes('runs/') && !path.includes('measurements/') && !path.includes('/attempts/');

describe('a run with replicas, in the bundle', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let manifest = '';
  beforeAll(async () => {
    folder = await temporaryFolder();
    manifest = await writeTinyManifest(folder.path, {
      epochs: 4,
      images: 360,
      experiments: `  - { id: pair, model: ${TINY_MODEL}, batchSize: 26, replicas: 2 }`,
    });
  });
  afterAll(() => folder.remove());

  it(
    'trains on threads, stops within 10 seconds of SIGTERM, and resumes to the same bytes',
    async () => {
      const whole = await bakeoff(['run', manifest, '--out', 'whole', '--engine', 'wasm'], { cwd: folder.path });
      expect(whole).toMatchObject({ code: 0 });

      expect(await bakeoff(['data-prep', manifest, '--out', 'halved'], { cwd: folder.path })).toMatchObject({
        code: 0,
      });
      const { child, ended } = startBakeoff(['train', manifest, '--out', 'halved'], { cwd: folder.path });
      await until(
        async () =>
          (await readdir(join(folder.path, 'halved'), { recursive: true })).find(
            (path) => path.endsWith('.safetensors') && path.includes('/checkpoints/'),
          ),
        'a checkpoint',
      );
      const startMs = performance.now();
      child.kill('SIGTERM');
      expect((await ended).code).toBe(75);
      expect(performance.now() - startMs).toBeLessThan(10_000);
      expect(
        await bakeoff(['run', manifest, '--out', 'halved', '--engine', 'wasm'], { cwd: folder.path }),
      ).toMatchObject({ code: 0 });
      expect(await digests(join(folder.path, 'halved'), isDetermined)).toEqual(
        await digests(join(folder.path, 'whole'), isDetermined),
      );
    },
    timeout,
  );

  it(
    'are shown by plan, and by the report as a setting',
    async () => {
      const { stdout } = await bakeoff(['plan', manifest], { cwd: folder.path });
      expect(stdout).toMatch(/pair .* resnet × 2 replicas /);
      const page = await readFile(join(folder.path, 'whole/reports/latest/tiny/index.html'), 'utf8');
      expect(page).toMatch(/replicas/);
    },
    timeout,
  );
});
