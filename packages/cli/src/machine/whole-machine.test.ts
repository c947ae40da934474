import { isInstalled } from '@bakeoff/engine/engines';
import { expect, it } from 'vitest';
import { takesWholeMachine } from './whole-machine.ts';

const { signal } = new AbortController();

it('takesWholeMachine is true for engines whose library computes with every core', async () => {
  expect(
    await Promise.all(
      (['wasm', 'cpu', 'tensorflow', 'tensorflow-gpu'] as const).map((engine) => takesWholeMachine(engine, signal)),
    ),
  ).toEqual([false, false, true, true]);
});

it.skipIf(isInstalled('tensorflow-gpu'))(
  'takesWholeMachine starts no process for auto if no such library is installed',
  async () => {
    expect(await takesWholeMachine('auto', signal)).toBe(false);
  },
);
