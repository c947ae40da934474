import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, type Ended, temporaryFolder } from './support/bakeoff.ts';
import { digests } from './support/files.ts';
import { TINY_MODEL, writeTinyManifest } from './support/manifests.ts';

const timeout = 120_000;

describe('bakeoff run', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let out = '';
  let manifest = '';
  let first: Ended;

  beforeAll(async () => {
    folder = await temporaryFolder();
    out = join(folder.path, 'out');
    manifest = await writeTinyManifest(folder.path);
    first = await bakeoff(['run', manifest, '--out', 'out', '--engine', 'wasm'], { cwd: folder.path });
  }, timeout);
  afterAll(() => folder.remove());

  const runFolders = () => readdir(join(out, 'runs'));

  it('goes from a manifest to a report, and ends with what the report says first and where it is', async () => {
    expect(first.stderr).toMatch(/✔ train +first +2 epochs/);
    expect(first).toMatchObject({ code: 0 });
    const page = await readFile(join(out, 'reports/latest/tiny/index.html'), 'utf8');
    const record = JSON.parse(await readFile(join(out, 'reports/latest/tiny/report.json'), 'utf8')) as {
      readonly rankings: readonly { readonly verdict: string }[];
    };
    const said = first.stdout.replace(/\s+/g, ' ');
    expect(said).toContain(record.rankings[0]!.verdict.replace(/\s+/g, ' '));
    expect(first.stdout).toMatch(/^[★≈] {2}first +\d+\.\d % +\[\d+\.\d, \d+\.\d\] +1 +406 k /m);
    expect(first.stdout).toMatch(/^[★≈▲▼] {2}second +\d/m);
    expect(Math.max(...first.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(first.stdout).toMatch(/^report: out\/reports\/latest\/tiny\/index\.html$/m);
    expect(page.slice(0, 15).toLowerCase()).toBe('<!doctype html>');
    expect(page.includes('second'), 'the report names its experiments').toBe(true);
    expect(await runFolders()).toHaveLength(2);
  });

  it('prints lines without escape sequences if there is no terminal', () => {
    expect(first.stderr + first.stdout).not.toContain('\u001b');
    expect(first.stderr).toMatch(/^ {2}train +first +epoch 1 · loss \d\.\d{3} · val \d+\.\d % · [\d,]+ images\/s$/m);
  });

  it(
    'does nothing the second time, and says so',
    async () => {
      const before = await digests(out);
      const second = await bakeoff(['run', manifest, '--out', 'out', '--engine', 'wasm'], { cwd: folder.path });
      expect(second.code).toBe(0);
      expect(second.stdout).toMatch(/^nothing to do: all 2 runs are finished in out$/m);
      expect(second.stdout).toMatch(/^report: out\/reports/m);
      expect(second.stderr).not.toContain('▸');
      expect(await digests(out)).toEqual(before);
    },
    timeout,
  );

  it(
    "one run's failure does not stop the others, and the report is built without it",
    async () => {
      await writeTinyManifest(folder.path, {
        experiments: `  - { id: first, model: ${TINY_MODEL} }\n  - { id: broken, model: { type: cifarnet }, batchSize: 1 }`,
      });
      const ended = await bakeoff(['run', manifest, '--out', 'out', '--engine', 'wasm'], { cwd: folder.path });
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(/✖ train +broken +failed\n +.*batch norm/i);
      expect(ended.stdout).toContain('1 of 4 tasks failed: train broken');
      expect(ended.stdout).toMatch(/^– {2}broken +no result +0 of 1 /m);
      expect(ended.stdout).toMatch(/^report: /m);
      expect(
        (await readFile(join(out, 'reports/latest/tiny/index.html'), 'utf8')).includes('broken'),
        'the report names what is missing',
      ).toBe(true);
    },
    timeout,
  );
});

describe('bakeoff plan', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => void (folder = await temporaryFolder()));
  afterAll(() => folder.remove());

  it('prints parameters and MACs of the published models, and writes nothing', async () => {
    const experiments = `  - { id: cifarnet, model: { type: cifarnet } }
  - { id: resnet20, model: { type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] } }
  - { id: resnet110, model: { type: resnet, blocks: [18, 18, 18], channels: [16, 32, 64] } }
  - { id: resnet110-no-norm, model: { type: resnet, blocks: [18, 18, 18], channels: [16, 32, 64], batchNorm: false } }
  - { id: myresnet, model: { type: resnet, blocks: [5, 7, 7, 5], channels: [32, 64, 128, 256], firstChannels: 16 } }
  - { id: same-as-resnet20, model: { type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] } }`;
    const manifest = await writeTinyManifest(folder.path, { experiments });
    const { code, stdout } = await bakeoff(['plan', manifest, '--json'], { cwd: folder.path });
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as {
      manifest: unknown;
      datasets: unknown[];
      runs: { id: string; experiments: string[]; seed: number; epochs: number; parameters: number; macs: number }[];
    };
    expect(plan.manifest).toMatchObject({ name: 'tiny' });
    expect(plan.datasets).toHaveLength(1);
    expect(
      plan.runs.map(({ experiments: names, seed, epochs, parameters, macs }) => [
        names.join('+'),
        seed,
        epochs,
        parameters,
        macs,
      ]),
    ).toEqual([
      ['cifarnet', 1, 2, 1_281_930, 5_163_520],
      ['resnet20+same-as-resnet20', 1, 2, 270_410, 40_551_040],
      ['resnet110', 1, 2, 1_732_010, 252_887_680],
      ['resnet110-no-norm', 1, 2, 1_723_946, 252_887_680],
      ['myresnet', 1, 2, 8_198_954, 434_555_392],
    ]);
    expect(await readdir(folder.path)).toEqual(['tiny.yaml']);
  });
});
