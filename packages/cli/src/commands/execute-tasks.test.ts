import { expect, it } from 'vitest';
import type { CommandContext } from './command-context.ts';
import { plainStyle } from '../progress/style.ts';
import type { Workplace } from '../places/workplace.ts';
import { executeTasks } from './execute-tasks.ts';
import { madeUpTask } from '../testing/made-up-task.ts';
import type { TaskOutcome } from '../tasks/task.ts';

const silent = { write: () => true };
const stop = { signal: new AbortController().signal, cause: () => undefined, onImpatience: () => undefined };
const context: CommandContext = {
  output: silent,
  messages: silent,
  style: plainStyle,
  messageStyle: plainStyle,
  stop,
  signal: stop.signal,
  clock: { nowMs: () => 0, elapsedMs: () => 0 },
  log: () => undefined,
};
const tasks = (['train', 'train', 'evaluate', 'train'] as const).map((stage, i) => madeUpTask(stage, String(i)));

/** The largest number of tasks that ran at a time. */
async function mostAtATime(usesGpu: boolean, jobs?: number): Promise<number> {
  let running = 0;
  let most = 0;
  const work = async (): Promise<TaskOutcome> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 10));
    running--;
    return { status: 'done', reused: false, durationMs: 10, result: {} };
  };
  const workplace: Workplace = {
    launch: () => ({ outcome: work(), stop: () => undefined, kill: () => undefined }),
    machine: { cores: 64, memoryBytes: Infinity },
    usesGpu,
  };
  const outcomes = await executeTasks(tasks, { jobs, engine: 'auto' }, context, { workplace });
  expect([...outcomes.values()].map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
  return most;
}

it('trains one run at a time if runs would share a GPU, unless the number is given', async () => {
  expect(await mostAtATime(true)).toBe(1);
  expect(await mostAtATime(true, 3)).toBe(3);
  expect(await mostAtATime(false, 4)).toBe(4);
});
