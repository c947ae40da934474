import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { takesWholeMachine } from './whole-machine.ts';

const { signal } = new AbortController();

it('takesWholeMachine knows the engines whose library computes with every core', async () => {
  expect(await Promise.all((['wasm', 'cpu', 'tensorflow', 'tensorflow-gpu'] as const).map((engine) => takesWholeMachine(engine, signal)))).toEqual([false, false, true, true]);
});

it('takesWholeMachine starts no process for auto where no such library is installed', async (context) => {
  const { resolve } = createRequire(import.meta.url);
  try {
    resolve('@tensorflow/tfjs-node-gpu');
    context.skip();
  } catch {
    // Not installed, as expected.
  }
  expect(await takesWholeMachine('auto', signal)).toBe(false);
});
