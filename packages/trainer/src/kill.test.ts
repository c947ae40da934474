import { type DatasetIndex, MemoryStore, type PlannedRun, Random } from '@bakeoff/core';
import { FileStore } from '@bakeoff/core/file';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callTrainRun, determinedObjects } from './testing/call-train-run.ts';
import type { KilledTrainerInput, KillPoint } from './testing/killed-trainer.ts';
import { writeSampleDataset } from './testing/sample-dataset.ts';
import { sampleRun } from './testing/sample-run.ts';

/** The extended checks ask for more. */
const KILL_POINTS = Number(process.env['BAKEOFF_KILL_POINTS'] ?? 1);
const DATASET = { train: 44, validation: 20 };
const STEPS_PER_EPOCH = 6;

/**
 * The kinds take turns; the exact place is drawn from the seed. Each attempt gets at most two epochs further, so that
 * every attempt is killed.
 */
function drawKillPoints(count: number): KillPoint[] {
  const random = new Random(2024).split('kill points');
  const within = 2 * STEPS_PER_EPOCH;
  const kinds: (() => KillPoint)[] = [
    () => ({ at: 'outside', count: 1 + random.integer(within), part: '', turns: 0 }),
    () => ({ at: 'put', count: 1 + random.integer(3), part: '/checkpoints/', turns: random.integer(8) }),
    () => ({ at: 'step', count: 1 + random.integer(within), part: '', turns: 0 }),
    () => ({ at: 'delete', count: 1, part: '/checkpoints/', turns: random.integer(2) }),
    () => ({ at: 'put', count: 1 + random.integer(3), part: '/measurements/', turns: random.integer(8) }),
  ];
  return Array.from({ length: count }, (_, i) => (kinds[i % kinds.length] as () => KillPoint)());
}

/** Runs the trainer as a process until its kill point. Returns the signal that ended it, or its exit code. */
function trainUntilKilled(input: KilledTrainerInput): Promise<string | number | null> {
  const script = fileURLToPath(new URL('testing/killed-trainer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let steps = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    steps += text.split('\n').length - 1;
    if (input.kill.at === 'outside' && steps >= input.kill.count) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ?? code));
  });
}

describe('a training process that is killed', () => {
  let folder = '';
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'bakeoff-kill-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function expectSameEnd(kills: readonly KillPoint[], maxEpochs: number): Promise<void> {
    const changes = { maxEpochs };
    const store = new FileStore(folder);
    const index = await writeSampleDataset(store, DATASET);
    for (const [i, kill] of kills.entries()) {
      expect(
        await trainUntilKilled({ folder, index, changes, attemptId: `attempt-${i}`, kill }),
        JSON.stringify(kill),
      ).toBe('SIGKILL');
    }
    const run = sampleRun(index, changes);
    await callTrainRun({ store, index, run, attemptId: 'last' });
    expect(await determinedObjects(store, run)).toEqual(await uninterrupted(index, run));
  }

  it(
    `at ${KILL_POINTS === 1 ? 'a point' : `${KILL_POINTS} points`} of one run leaves no trace in model, history and record`,
    () => expectSameEnd(drawKillPoints(KILL_POINTS), 3 + 2 * KILL_POINTS),
    30_000 + 15_000 * KILL_POINTS,
  );

  it('while it writes run.json ends in the same bytes', () =>
    expectSameEnd([{ at: 'putIfAbsent', count: 1, part: 'run.json', turns: 4 }], 1));
});

async function uninterrupted(index: DatasetIndex, run: PlannedRun): Promise<Map<string, Uint8Array>> {
  const store = new MemoryStore();
  await writeSampleDataset(store, DATASET);
  await callTrainRun({ store, index, run });
  return determinedObjects(store, run);
}
