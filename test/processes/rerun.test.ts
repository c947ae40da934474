import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, temporaryFolder } from '../support/bakeoff.ts';
import { digests } from '../support/files.ts';
import { writeTinyManifest } from '../support/manifests.ts';

const timeout = 120_000;

const isImmutable = (path: string) => !path.startsWith('reports/latest/');
/** Independent of the machine and the day. */
const isDetermined = (path: string) => !path.includes('measurements/') && !path.endsWith('index.html');
const isResult = (path: string) => isDetermined(path) && !path.startsWith('reports/');

describe('a finished run, called again', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let out = '';
  let manifest = '';

  beforeAll(async () => {
    folder = await temporaryFolder();
    out = join(folder.path, 'out');
    manifest = await writeTinyManifest(folder.path);
    expect(await bakeoff(['run', manifest, '--out', 'out', '--engine', 'wasm'], { cwd: folder.path })).toMatchObject({
      code: 0,
    });
  }, timeout);
  afterAll(() => folder.remove());

  const runFolders = () => readdir(join(out, 'runs'));

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
});
