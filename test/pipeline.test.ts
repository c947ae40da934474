import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, type Ended, repository, temporaryFolder } from './support/bakeoff.ts';
import { digests } from './support/files.ts';
import { TINY_MODEL, writeTinyManifest } from './support/manifests.ts';

const timeout = 120_000;

const isImmutable = (path: string) => !path.startsWith('reports/latest/');
/** Independent of the machine and the day. */
const isDetermined = (path: string) => !path.includes('measurements/') && !path.endsWith('index.html');
const isResult = (path: string) => isDetermined(path) && !path.startsWith('reports/');

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

  it('goes from a manifest to a report, and ends with a table and the location of the report', async () => {
    expect(first.stderr).toMatch(/✔ train +first +2 epochs/);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^first +1 +\d+\.\d % \[\d+\.\d, \d+\.\d\] +482 +406 k +2 /m);
    expect(first.stdout).toMatch(/^second +1 /m);
    expect(first.stdout).toMatch(/^report: out\/reports\/latest\/tiny\/index\.html$/m);
    const page = await readFile(join(out, 'reports/latest/tiny/index.html'), 'utf8');
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
    'keeps finished results of an engine other than the requested one, and names them and --force; auto says nothing',
    async () => {
      const before = await digests(out);
      const asked = await bakeoff(['run', manifest, '--out', 'out', '--engine', 'cpu'], { cwd: folder.path });
      expect(asked.code).toBe(0);
      expect(asked.stderr).toMatch(
        /^⚠ --engine cpu: 2 finished runs of other engines are kept; to redo them, add --force\n {4}first, seed 1: trained by wasm, \d{4}-\d\d-\d\d \d\d:\d\d UTC; evaluated by wasm, /m,
      );
      const stage = await bakeoff(['evaluate', manifest, '--experiment', 'second', '--out', 'out', '--engine', 'cpu'], {
        cwd: folder.path,
      });
      expect(stage.stderr).toMatch(
        /^⚠ --engine cpu: a finished run of another engine is kept; to redo it, add --force\n {4}second, seed 1: evaluated by wasm/m,
      );
      expect((await bakeoff(['run', manifest, '--out', 'out'], { cwd: folder.path })).stderr).not.toContain('--force');
      expect(await digests(out)).toEqual(before);
    },
    timeout,
  );

  it(
    'one changed setting retrains only what it affects',
    async () => {
      const before = await digests(out, isImmutable);
      await writeTinyManifest(folder.path, { batchSizeOfSecond: 40 });
      const changed = await bakeoff(['run', manifest, '--out', 'out', '--engine', 'wasm', '--json'], {
        cwd: folder.path,
      });
      expect(changed.code).toBe(0);
      const lines = changed.stdout
        .trim()
        .split('\n')
        .map(
          (line) =>
            JSON.parse(line) as {
              type: string;
              stage?: string;
              report?: string;
              runs?: { experiments: string[]; status: string; testAccuracy: number }[];
            },
        );
      expect(lines.filter(({ type }) => type === 'started').map(({ stage }) => stage)).toEqual([
        'train',
        'evaluate',
        'compare',
        'report',
      ]);
      expect(lines.at(-1)).toMatchObject({
        type: 'result',
        report: 'out/reports/latest/tiny/index.html',
        failed: [],
        runs: [
          { experiments: ['first'], status: 'finished' },
          { experiments: ['second'], status: 'finished' },
        ],
      });
      expect(await runFolders()).toHaveLength(3);
      expect(await digests(out, isImmutable)).toMatchObject(before);
    },
    timeout,
  );

  it(
    'the stages, called one by one as containers call them, write the same bytes',
    async () => {
      const plan = await bakeoff(['plan', manifest, '--store', 'apart', '--json'], { cwd: folder.path });
      const { planId, runs } = JSON.parse(plan.stdout) as { planId: string; runs: { id: string }[] };
      const stage = async (...args: string[]) =>
        expect(await bakeoff([...args, '--plan', planId, '--store', 'apart'], { cwd: folder.path })).toMatchObject({
          code: 0,
        });
      await stage('data-prep');
      for (const { id } of runs) {
        await stage('train', '--run', id, '--engine', 'wasm');
        await stage('evaluate', '--run', id, '--engine', 'wasm');
      }
      await stage('compare');
      await stage('report');
      const whole = await digests(out, isDetermined);
      const apart = await digests(join(folder.path, 'apart'), isDetermined);
      expect(Object.keys(apart).length).toBeGreaterThan(15);
      expect(whole).toMatchObject(apart);
    },
    timeout,
  );

  it(
    '--force redoes everything, to the same bytes',
    async () => {
      const before = await digests(out, isResult);
      const forced = await bakeoff(['run', manifest, '--out', 'out', '--engine', 'wasm', '--force'], {
        cwd: folder.path,
      });
      expect(forced.code).toBe(0);
      expect(forced.stderr.match(/✔ train/g)).toHaveLength(2);
      expect(await digests(out, isResult)).toEqual(before);
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
      expect(ended.stdout).toMatch(/^broken +1 +missing/m);
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

  it(
    'the manifests that ship can be planned',
    async () => {
      for (const name of await readdir(join(repository, 'experiments'))) {
        const { code, stdout, stderr } = await bakeoff(['plan', join(repository, 'experiments', name), '--json'], {
          cwd: folder.path,
        });
        expect(stderr).toBe('');
        expect(code).toBe(0);
        expect((JSON.parse(stdout) as { runs: unknown[] }).runs.length, name).toBeGreaterThan(1);
      }
    },
    timeout,
  );
});
