import { keys, MemoryStore, type StageEvent } from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointFolder } from './checkpoint-folder.ts';

const RUN = '0123456789abcdef';

const checkpointAt = (step: number, runId = RUN): Checkpoint => ({
  runId,
  step,
  epochs: [],
  sums: { images: step, loss: step / 3, correct: 0 },
  network: { weight: { shape: [2], data: Float32Array.of(step, 1) } },
  optimizer: {},
  average: {},
  best: null,
  history: {},
});

function openFolders() {
  const store = new MemoryStore();
  const events: StageEvent[] = [];
  const log = (event: StageEvent): void => void events.push(event);
  return { store, events, folder: (attemptId: string) => new CheckpointFolder({ store, log }, RUN, attemptId) };
}

async function keysOf(store: MemoryStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list('')) found.push(key);
  return found;
}

async function damage(store: MemoryStore, key: string): Promise<void> {
  const body = await storedBytes(store, key);
  body[body.length - 1] = body[body.length - 1]! ^ 1;
  await store.put(key, body);
}

describe('CheckpointFolder', () => {
  it('finds none where nothing was written', async () => {
    expect(await openFolders().folder('a').newest()).toBeUndefined();
  });

  it('finds the highest step of any attempt', async () => {
    const { folder } = openFolders();
    await folder('b').write(checkpointAt(7));
    await folder('a').write(checkpointAt(30));
    await folder('c').write(checkpointAt(9));
    expect((await folder('d').newest())?.step).toBe(30);
  });

  it('names a damaged checkpoint in a warning and uses the next older one', async () => {
    const { store, events, folder } = openFolders();
    const writer = folder('a');
    await writer.write(checkpointAt(10));
    await writer.write(checkpointAt(20));
    await damage(store, keys.checkpoint(RUN, 'a', 20));
    expect(await folder('b').newest()).toEqual(checkpointAt(10));
    expect(events).toEqual([{ type: 'warning', text: expect.stringContaining(keys.checkpoint(RUN, 'a', 20)) }]);
  });

  it("skips another run's checkpoint stored under this run's key", async () => {
    const { events, folder } = openFolders();
    await folder('a').write(checkpointAt(10, 'fedcba9876543210'));
    expect(await folder('b').newest()).toBeUndefined();
    expect(events[0]).toMatchObject({ type: 'warning', text: expect.stringContaining('fedcba9876543210') });
  });

  it('keeps the last two, counting the one it resumed from', async () => {
    const { store, folder } = openFolders();
    const first = folder('a');
    for (const step of [10, 20, 30]) await first.write(checkpointAt(step));
    expect(await keysOf(store)).toEqual([keys.checkpoint(RUN, 'a', 20), keys.checkpoint(RUN, 'a', 30)]);
    const second = folder('b');
    await second.newest();
    await second.write(checkpointAt(40));
    expect(await keysOf(store)).toEqual([keys.checkpoint(RUN, 'a', 30), keys.checkpoint(RUN, 'b', 40)]);
  });

  it('never removes its own newest because another attempt is ahead', async () => {
    const { store, folder } = openFolders();
    const slow = folder('slow');
    await slow.write(checkpointAt(10));
    const fast = folder('fast');
    for (const step of [50, 60]) await fast.write(checkpointAt(step));
    await slow.write(checkpointAt(20));
    expect(await keysOf(store)).toContain(keys.checkpoint(RUN, 'slow', 20));
    expect((await folder('x').newest())?.step).toBe(60);
  });

  it('clears every attempt and nothing else', async () => {
    const { store, folder } = openFolders();
    await folder('a').write(checkpointAt(10));
    await folder('b').write(checkpointAt(20));
    await store.put(keys.runConfig(RUN), Uint8Array.of(1));
    await folder('c').clear();
    expect(await keysOf(store)).toEqual([keys.runConfig(RUN)]);
  });
});
