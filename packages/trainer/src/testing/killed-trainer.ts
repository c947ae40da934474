import type { DatasetIndex, Recipe, Store } from '@bakeoff/core';
import { FileStore } from '@bakeoff/core/file';
import { callTrainRun } from './call-train-run.ts';
import { ManualClock } from './manual-clock.ts';
import { sampleRun } from './sample-run.ts';

/** Where a training process dies: at the `count`th operation on a key that contains `part`. */
export interface KillPoint {
  /**
   * `step`: between steps; `outside`: the parent kills it when it hears of the step, wherever the process is by then.
   */
  readonly at: 'step' | 'outside' | 'put' | 'putIfAbsent' | 'delete';
  readonly count: number;
  readonly part: string;
  /** Turns of the event loop for which the store's operation runs before the process dies in it. */
  readonly turns: number;
}

export interface KilledTrainerInput {
  readonly folder: string;
  readonly index: DatasetIndex;
  readonly changes: Partial<Recipe>;
  readonly attemptId: string;
  readonly kill: KillPoint;
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

async function dieAfter(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
  die();
}

/** A store whose process dies inside one of its operations. */
function killingStore(store: Store, kill: KillPoint): Store {
  let count = 0;
  return new Proxy(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (key: string, ...rest: unknown[]): unknown => {
        if (property === kill.at && key.includes(kill.part) && ++count === kill.count) void dieAfter(kill.turns);
        return value.call(target, key, ...rest) as unknown;
      };
    },
  });
}

/** Trains until the kill point, and prints every step's number to standard output, one per line. */
async function main({ folder, index, changes, attemptId, kill }: KilledTrainerInput): Promise<void> {
  const clock = new ManualClock();
  let steps = 0;
  await callTrainRun({
    store: killingStore(new FileStore(folder), kill),
    index,
    run: sampleRun(index, changes),
    attemptId,
    clock,
    onEvent(event) {
      if (event.type !== 'progress') return;
      // 75 seconds per step, so that every fourth step is followed by a checkpoint.
      clock.advance(75_000);
      process.stdout.write(`${event.done}\n`);
      if (++steps === kill.count && kill.at === 'step') die();
    },
  });
}

await main(JSON.parse(process.argv[2]!) as KilledTrainerInput);
