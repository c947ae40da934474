import { describe, expect, it } from 'vitest';
import { madeUpTask } from '../testing/made-up-task.ts';
import { runTasks, type RunTasksOptions } from './run-tasks.ts';
import type { RunningTask, Task, TaskOutcome } from './task.ts';

const done: TaskOutcome = { status: 'done', reused: false, durationMs: 1, result: {} };

const task = (id: string, settings: Partial<Task> = {}): Task => ({ ...madeUpTask('train', id, settings), id });

/** Tasks end when the test says so, so that tests decide which tasks overlap. */
class Workshop {
  readonly started: string[] = [];
  readonly stopped: string[] = [];
  running = 0;
  mostRunning = 0;
  private readonly ends = new Map<string, (outcome: TaskOutcome) => void>();

  constructor(
    private readonly outcomes: Readonly<Record<string, TaskOutcome>> = {},
    private readonly held: readonly string[] = [],
  ) {}

  readonly launch = ({ id }: Task): RunningTask => {
    this.started.push(id);
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    const outcome = new Promise<TaskOutcome>((resolve) => {
      if (this.held.includes(id)) this.ends.set(id, resolve);
      else setTimeout(() => resolve(this.outcomes[id] ?? done), 1);
    }).finally(() => this.running--);
    return {
      outcome,
      stop: () => (this.stopped.push(id), this.ends.get(id)?.({ status: 'interrupted' })),
      kill: () => undefined,
    };
  };

  end(id: string): void {
    this.ends.get(id)?.(done);
  }
}

const options = (workshop: Workshop, settings: Partial<RunTasksOptions> = {}): RunTasksOptions => ({
  jobs: 2,
  cores: 100,
  memoryBytes: 100,
  launch: workshop.launch,
  observer: { started: () => undefined, event: () => undefined, ended: () => undefined },
  signal: new AbortController().signal,
  onImpatience: () => undefined,
  ...settings,
});

describe('runTasks', () => {
  it('never runs more tasks at a time than requested', async () => {
    const workshop = new Workshop();
    await runTasks(
      Array.from({ length: 7 }, (_, i) => task(`t${i}`)),
      options(workshop, { jobs: 3 }),
    );
    expect(workshop.mostRunning).toBe(3);
    expect(workshop.started).toHaveLength(7);
  });

  it('starts the largest first', async () => {
    const workshop = new Workshop();
    await runTasks(
      [task('small', { effort: 1 }), task('large', { effort: 9 }), task('middle', { effort: 5 })],
      options(workshop, { jobs: 1 }),
    );
    expect(workshop.started).toEqual(['large', 'middle', 'small']);
  });

  it('stays within the available cores, but runs one task that wants more', async () => {
    const workshop = new Workshop({}, ['pair', 'single']);
    const running = runTasks(
      [
        task('pair', { cores: 2, effort: 9 }),
        task('single', { effort: 8 }),
        task('other', { cores: 2, effort: 7 }),
        task('huge', { cores: 64 }),
      ],
      options(workshop, { jobs: Infinity, cores: 3 }),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(workshop.started).toEqual(['pair', 'single']);
    workshop.end('pair');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(workshop.started).toEqual(['pair', 'single', 'other']);
    workshop.end('single');
    await running;
    expect(workshop.started).toEqual(['pair', 'single', 'other', 'huge']);
    expect(workshop.mostRunning).toBe(2);
  });

  it('stays within the available memory, but runs one task however large', async () => {
    const workshop = new Workshop();
    await runTasks(
      [task('a', { memoryBytes: 80 }), task('b', { memoryBytes: 80 }), task('huge', { memoryBytes: 1000 })],
      options(workshop, { jobs: 3 }),
    );
    expect(workshop.mostRunning).toBe(1);
    expect(workshop.started).toHaveLength(3);
  });

  it("one task's failure skips what requires it, and nothing else", async () => {
    const workshop = new Workshop({ bad: { status: 'failed', exitCode: 1, message: 'no' } });
    const tasks = [
      task('bad'),
      task('good'),
      task('needsBad', { work: madeUpTask('evaluate', 'a').work, requires: ['bad'] }),
      task('needsThat', { requires: ['needsBad'] }),
      task('needsGood', { requires: ['good'] }),
      task('last', { follows: ['needsBad', 'needsGood'] }),
    ];
    const outcomes = await runTasks(tasks, options(workshop));
    expect(workshop.started.toSorted()).toEqual(['bad', 'good', 'last', 'needsGood']);
    expect(workshop.started.at(-1)).toBe('last');
    expect(outcomes.get('needsBad')).toEqual({ status: 'skipped', because: 'train failed' });
    expect(outcomes.get('needsThat')).toEqual({ status: 'skipped', because: 'train failed' });
  });

  it('skips what needs at least one success of several, once all have failed or were skipped', async () => {
    const failed: TaskOutcome = { status: 'failed', exitCode: 2, message: 'damaged' };
    const tasks = [
      task('prepare'),
      task('a', { requires: ['prepare'] }),
      task('b'),
      task('compare', { follows: ['a', 'b'], requiresOneOf: ['a', 'b'] }),
    ];
    const none = new Workshop({ prepare: failed, b: failed });
    const outcomes = await runTasks(tasks, options(none));
    expect(outcomes.get('compare')).toEqual({ status: 'skipped', because: 'train failed' });
    const one = new Workshop({ prepare: failed });
    expect((await runTasks(tasks, options(one))).get('compare')?.status).toBe('done');
  });

  it('a diverged training is still evaluated', async () => {
    const workshop = new Workshop({ train: { status: 'diverged', durationMs: 1, result: {} } });
    const outcomes = await runTasks([task('train'), task('evaluate', { requires: ['train'] })], options(workshop));
    expect(outcomes.get('evaluate')).toEqual(done);
  });

  it('refuses a task that waits for one that is not in the list', async () => {
    await expect(runTasks([task('a', { requires: ['elsewhere'] })], options(new Workshop()))).rejects.toThrow('a');
  });

  it('stops running tasks and starts no more when aborted', async () => {
    const workshop = new Workshop({}, ['running']);
    const controller = new AbortController();
    const told: string[] = [];
    const observer = { started: () => undefined, event: () => undefined, ended: ({ id }: Task) => void told.push(id) };
    const ended = runTasks(
      [task('running'), task('waiting')],
      options(workshop, { jobs: 1, signal: controller.signal, observer }),
    );
    setTimeout(() => controller.abort(), 5);
    const outcomes = await ended;
    expect(told).toEqual(['running']);
    expect(workshop.stopped).toEqual(['running']);
    expect(workshop.started).toEqual(['running']);
    expect([...outcomes.values()].map(({ status }) => status)).toEqual(['interrupted', 'interrupted']);
  });
});
