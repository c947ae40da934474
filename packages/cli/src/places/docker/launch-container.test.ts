import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StageEvent } from '@bakeoff/core';
import type { RunningTask } from '../../tasks/task.ts';
import { madeUpTask } from '../../testing/made-up-task.ts';
import { launchContainers } from './launch-container.ts';

let folder: string;
const path = process.env['PATH'];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-launch-'));
  process.env['PATH'] = `${folder}:${path}`;
});
afterEach(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

const task = madeUpTask('train', '0123456789abcdef', { label: 'a', command: ['train'] });
const engine = {
  program: 'docker',
  isPodman: false,
  rootless: false,
  selinux: false,
  nvidia: false,
  cores: 1,
  memoryBytes: 1,
} as const;

const line = (value: object): string => `echo '${JSON.stringify(value)}'`;

/** Starts the task with a client that does `running` for `docker run` and notes other commands. */
async function launch(running: string, onEvent: (event: StageEvent) => void = () => undefined): Promise<RunningTask> {
  await writeFile(
    join(folder, 'docker'),
    `#!/bin/sh\nif [ "$1" != run ]; then echo "$*" >> ${folder}/calls; exit 0; fi\n${running}\n`,
  );
  await chmod(join(folder, 'docker'), 0o755);
  const settings = {
    engine,
    images: { cpu: 'bakeoff', gpu: undefined },
    plan: { datasets: [] },
    store: folder,
    archives: {},
    cacheFolder: folder,
    workingFolder: folder,
    user: undefined,
    awsFolder: undefined,
    environment: {},
  };
  return launchContainers(settings)(task, onEvent);
}

describe('launchContainers', () => {
  it('passes on the stage’s events and ends with its outcome', async () => {
    const events: StageEvent[] = [];
    const running = await launch(
      [
        line({ type: 'message', text: 'hello' }),
        line({ type: 'ended', status: 'done', reused: false, durationMs: 1, result: { epochs: 2 } }),
      ].join('\n'),
      (event) => events.push(event),
    );
    expect(await running.outcome).toMatchObject({ status: 'done', result: { epochs: 2 } });
    expect(events).toEqual([{ type: 'message', text: 'hello' }]);
  });

  it('repeats the engine’s message if it cannot start the container: a mistake, not a bug', async () => {
    const { outcome } = await launch("echo 'docker: invalid mount' >&2; exit 125");
    expect(await outcome).toEqual({
      status: 'failed',
      exitCode: 2,
      message: 'docker could not start the container\ndocker: invalid mount',
    });
  });

  it('explains a container that was killed', async () => {
    expect(await (await launch('exit 137')).outcome).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('out of memory') as string,
    });
  });

  it('stops by ending the container’s input, and by asking the engine with time for a checkpoint', async () => {
    const running = await launch('cat > /dev/null; exit 75');
    running.stop();
    expect(await running.outcome).toEqual({ status: 'interrupted' });
    await expect
      .poll(() => readFile(join(folder, 'calls'), 'utf8').catch(() => ''))
      .toMatch(/^stop -t 60 bakeoff-train-01234567-[0-9a-f]{8}\n$/);
  });

  it('kills at once when asked to', async () => {
    const running = await launch('exec sleep 0.3');
    running.kill();
    expect(await readFile(join(folder, 'calls'), 'utf8')).toMatch(/^kill bakeoff-train-/);
    await running.outcome;
  });
});
