import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keys, readAttempts } from '@bakeoff/core';
import { FileStore } from '@bakeoff/core/file';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, repository, temporaryFolder } from '../support/bakeoff.ts';
import { digests, until } from '../support/files.ts';
import { TINY_MODEL, writeTinyManifest } from '../support/manifests.ts';
import { hasPseudoTerminal, openTerminal, type Terminal } from '../support/pseudo-terminal.ts';

const timeout = 180_000;
const determined = (path: string) =>
  !path.includes('measurements/') && !path.endsWith('index.html') && !path.includes('/attempts/');
const program = join(repository, 'packages/cli/bin/bakeoff.js');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

const read = (path: string) => readFile(join(folder.path, path), 'utf8');
/** What a file holds, once it holds something. */
const content = (path: string) =>
  until(async () => (await read(path).catch(() => '')).trim() || undefined, `${path} to be written`, timeout);

/** How many trainings have a checkpoint. */
async function trainingRuns(out: string): Promise<number> {
  const paths = await readdir(join(folder.path, out), { recursive: true });
  const checkpoints = paths.filter((path) => /\/checkpoints\/\d+\.safetensors$/.test(path));
  return new Set(checkpoints.map((path) => path.split('/')[1])).size;
}

/** Types a command line into a shell on a terminal, in a folder where the data are prepared, and waits until both train. */
async function typed(line: string, out: string): Promise<Terminal> {
  await cp(join(folder.path, 'prepared'), join(folder.path, out), { recursive: true });
  const terminal = openTerminal(['bash', '--norc', '-i'], { cwd: folder.path });
  terminal.type(`${line}\n`);
  await until(async () => ((await trainingRuns(out)) === 2 ? true : undefined), 'two trainings to have checkpoints');
  return terminal;
}

describe.skipIf(!hasPseudoTerminal)('a terminal whose window is closed while it trains', () => {
  // Two trainings at a time, one of them on two threads: long enough to be interrupted after their first checkpoints.
  const settings = {
    images: 160,
    epochs: 12,
    experiments: `  - { id: single, model: ${TINY_MODEL}, maxEpochs: 40 }
  - { id: pair, model: ${TINY_MODEL}, batchSize: 20, replicas: 2 }`,
  };
  let manifest = '';
  let uninterrupted: Record<string, string> = {};
  const command = (out: string) => `${process.execPath} ${program} run ${manifest} --out ${out} --jobs 2 --engine wasm`;

  beforeAll(async () => {
    manifest = await writeTinyManifest(folder.path, settings);
    const args = ['run', manifest, '--out', 'whole', '--jobs', '2', '--engine', 'wasm'];
    expect(await bakeoff(args, { cwd: folder.path })).toMatchObject({ code: 0 });
    uninterrupted = await digests(join(folder.path, 'whole'), determined);
    for (const part of ['datasets', 'plans'])
      await cp(join(folder.path, 'whole', part), join(folder.path, 'prepared', part), { recursive: true });
  }, timeout);

  /** Each training ended at a step of which it left a checkpoint; there is no other trace, and the rest gives the same bytes. */
  async function expectCheckpointsAndTheSameEnd(out: string): Promise<void> {
    const store = new FileStore(join(folder.path, out));
    const runIds = await readdir(join(folder.path, out, 'runs'));
    expect(runIds).toHaveLength(2);
    for (const runId of runIds) {
      const attempts = await readAttempts(store, runId);
      expect(attempts.map(({ outcome }) => outcome)).toEqual(['interrupted']);
      const { attemptId, lastStep } = attempts[0]!;
      expect(await store.get(keys.checkpoint(runId, attemptId, lastStep))).toBeDefined();
      expect(await store.get(keys.runRecord(runId))).toBeUndefined();
    }
    expect(await readdir(join(folder.path, out, '.tmp')).catch(() => [])).toEqual([]);

    const again = await bakeoff(['run', manifest, '--out', out, '--engine', 'wasm'], { cwd: folder.path });
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr.match(/resumes from step \d+/g)).toHaveLength(2);
    expect(await digests(join(folder.path, out), determined)).toEqual(uninterrupted);
  }

  it(
    'ends the run with exit code 75, with a checkpoint of each training, and the same bytes when it is run again',
    async () => {
      // The shell around it lives on to write the exit code. To `bakeoff` it passes what the terminal's end is to it.
      const terminal = await typed(`(trap '' HUP; ${command('closed')}; echo $? > closed.code)`, 'closed');
      expect(terminal.shown()).toMatch(/train .*pair.*epoch/);
      terminal.close();
      expect(await content('closed.code')).toBe('75');
      await expectCheckpointsAndTheSameEnd('closed');
    },
    timeout,
  );

  it(
    'ends a run whose reader it ends, as `tee`, in the same way',
    async () => {
      const line = `(trap '' HUP; ${command('read')}; echo $? > read.code) 2>&1 | tee read.log`;
      const terminal = await typed(line, 'read');
      terminal.close();
      expect(await content('read.code')).toBe('75');
      await expectCheckpointsAndTheSameEnd('read');
    },
    timeout,
  );

  it(
    'is nothing to a run under nohup, nor to the processes of its stages',
    async () => {
      const line = `nohup sh -c '${command('nohup')}; echo $? > nohup.code' > nohup.log 2>&1 &`;
      const terminal = await typed(line, 'nohup');
      terminal.close();
      await terminal.ended;
      expect(await content('nohup.code')).toBe('0');
      expect(await read('nohup.log')).toMatch(/report: .*index\.html/);
      expect(await read('nohup.log')).not.toContain('resumes');
      expect(await digests(join(folder.path, 'nohup'), determined)).toEqual(uninterrupted);
    },
    timeout,
  );
});
