import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, type Call, startBakeoff, temporaryFolder } from '../support/bakeoff.ts';
import { digests, until } from '../support/files.ts';
import { TINY_MODEL, writeTinyManifest } from '../support/manifests.ts';

const timeout = 180_000;
const determined = (path: string) =>
  !path.includes('measurements/') && !path.endsWith('index.html') && !path.includes('/attempts/');
/** Makes standard error look like a terminal to `bakeoff run`, but not to its children, whose output it reads. */
const onTerminal = `data:text/javascript,${encodeURIComponent("if (process.argv[2] === 'run') process.stderr.isTTY = true;")}`;
const one = `  - { id: only, model: ${TINY_MODEL} }`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

describe('a run that is interrupted', () => {
  // Long enough to be interrupted after its first checkpoint.
  const settings = { epochs: 16, experiments: one };
  let manifest = '';
  let uninterrupted: Record<string, string> = {};

  beforeAll(async () => {
    manifest = await writeTinyManifest(folder.path, settings);
    expect(await bakeoff(['run', manifest, '--out', 'whole', '--engine', 'wasm'], { cwd: folder.path })).toMatchObject({
      code: 0,
    });
    uninterrupted = await digests(join(folder.path, 'whole'), determined);
    for (const part of ['datasets', 'plans'])
      await cp(join(folder.path, 'whole', part), join(folder.path, 'prepared', part), { recursive: true });
  }, timeout);

  /**
   * Starts training in a folder of its own, where the data are prepared, as the leader of a process group, and waits for
   * the first epoch's checkpoint.
   */
  async function startUntilCheckpoint(out: string, command = 'run', nodeArgs: readonly string[] = []): Promise<Call> {
    await cp(join(folder.path, 'prepared'), join(folder.path, out), { recursive: true });
    const call = startBakeoff([command, manifest, '--out', out, '--engine', 'wasm'], {
      cwd: folder.path,
      detached: true,
      nodeArgs,
    });
    await until(async () => (await findCheckpoints(out)).at(0), 'a checkpoint');
    return call;
  }

  /** @param command `train` costs less than `run`, which must also end with the same evaluation, comparison and report */
  async function expectTheSameEnd(out: string, command: 'run' | 'train'): Promise<void> {
    const again = await bakeoff([command, manifest, '--out', out, '--engine', 'wasm'], { cwd: folder.path });
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toMatch(/resumes from step \d+/);
    const ended = await digests(join(folder.path, out), determined);
    if (command === 'run') expect(ended).toEqual(uninterrupted);
    else {
      expect(Object.keys(ended).some((path) => /^runs\/.*\.safetensors$/.test(path))).toBe(true);
      expect(uninterrupted).toMatchObject(ended);
    }
    expect(await findCheckpoints(out)).toEqual([]);
  }

  it(
    'by kill -9 of all its processes ends in the same bytes when run again',
    async () => {
      const { child, ended } = await startUntilCheckpoint('killed');
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      expect(await ended).toMatchObject({ signal: 'SIGKILL' });
      await expectTheSameEnd('killed', 'run');
    },
    timeout,
  );

  it(
    'by kill -9 of only the parent process ends its children too, with a checkpoint',
    async () => {
      const { child, ended } = await startUntilCheckpoint('orphaned');
      child.kill('SIGKILL');
      await ended;
      // Its output closes when the last child that shares it has ended.
      await until(() => (isGroupGone(child.pid ?? 0) ? true : undefined), 'the children to end', 20_000);
      await expectTheSameEnd('orphaned', 'train');
    },
    timeout,
  );

  it(
    'by Ctrl-C, having ignored SIGHUP without a terminal, says how to continue, exits with 130, and continues',
    async () => {
      const { child, ended } = await startUntilCheckpoint('interrupted');
      process.kill(-(child.pid ?? 0), 'SIGHUP');
      process.kill(-(child.pid ?? 0), 'SIGINT');
      const { code, stderr } = await ended;
      expect(code).toBe(130);
      expect(stderr).toContain('run the same command again to resume');
      await expectTheSameEnd('interrupted', 'train');
    },
    timeout,
  );

  it(
    'by SIGHUP of a terminal, which parent and children get alike, exits with 75, and continues',
    async () => {
      const { child, ended } = await startUntilCheckpoint('hung-up', 'run', ['--import', onTerminal]);
      process.kill(-(child.pid ?? 0), 'SIGHUP');
      const { code, stderr } = await ended;
      expect(code).toBe(75);
      expect(stderr).toContain('run the same command again to resume');
      await expectTheSameEnd('hung-up', 'train');
    },
    timeout,
  );

  it(
    'a stage that gets SIGTERM exits with 75 within 10 seconds, with a checkpoint',
    async () => {
      const { child, ended } = await startUntilCheckpoint('stage', 'train');
      const startMs = performance.now();
      child.kill('SIGTERM');
      expect((await ended).code).toBe(75);
      expect(performance.now() - startMs).toBeLessThan(10_000);
      await expectTheSameEnd('stage', 'train');
    },
    timeout,
  );
});

async function findCheckpoints(out: string): Promise<string[]> {
  const names = await readdir(join(folder.path, out), { recursive: true }).catch(() => []);
  return names.filter(
    (name) => name.includes('/checkpoints/') && name.endsWith('.safetensors') && !name.startsWith('.tmp'),
  );
}

function isGroupGone(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return false;
  } catch {
    return true;
  }
}
