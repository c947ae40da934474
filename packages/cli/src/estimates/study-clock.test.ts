import { describe, expect, it } from 'vitest';
import { madeUpTask } from '../testing/made-up-task.ts';
import type { Task, TaskOutcome } from '../tasks/task.ts';
import type { ExpectedTime } from './expected-time.ts';
import { StudyClock } from './study-clock.ts';

const done: TaskOutcome = { status: 'done', reused: false, durationMs: 1, result: {} };
const training = (id: string, seconds: number, settings: Partial<Task> = {}): Task => {
  const task = madeUpTask('train', id, { effort: seconds, ...settings });
  return { ...task, work: { ...task.work, run: { recipe: { earlyStopping: null } } } as unknown as Task['work'] };
};

const aNetwork: (task: Task) => string = () => 'a';

/** A study whose clock the test turns; efforts are the expected seconds. */
function watch(tasks: readonly Task[], { jobs = 1, isKnown = true, network = aNetwork } = {}) {
  let seconds = 0;
  const expectedOf = (task: Task): ExpectedTime => ({ seconds: task.effort, isKnown, network: network(task) });
  const clock = new StudyClock(tasks, expectedOf, { jobs, cores: 8, memoryBytes: 100 }, () => seconds * 1000);
  const step = (task: Task, done: number): void =>
    clock.event(task, { type: 'progress', label: 'x', done, total: 100, unit: 'steps' });
  return {
    clock,
    step,
    pass: (more: number) => (seconds += more),
    left: () => clock.timeLeft()?.seconds,
  };
}

describe('the time left for a study', () => {
  it('is what is expected before anything was measured, in the order and number in which the runner starts tasks', () => {
    const tasks = [training('a', 30), training('b', 20), training('c', 10)];
    expect(watch(tasks).left()).toBe(60);
    expect(watch(tasks, { jobs: 2 }).left()).toBe(30);
    expect(watch(tasks, { jobs: 3 }).left()).toBe(30);
    const [a, b, c] = tasks as [Task, Task, Task];
    expect(watch([a, b, { ...c, requires: [a.id] }], { jobs: 3 }).left()).toBe(40);
    expect(watch([a, { ...b, cores: 8 }], { jobs: 3 }).left()).toBe(50);
  });

  it('follows a task at its own pace, and applies the pace to those that wait', () => {
    const [first, second] = [training('a', 100), training('b', 50)];
    const { clock, step, pass, left } = watch([first, second]);
    clock.started(first);
    pass(2);
    step(first, 10);
    pass(40);
    step(first, 30);
    // 40 seconds for a fifth: twice as slow as expected.
    expect(left()).toBeCloseTo(140 + 100, 9);
    pass(140);
    step(first, 100);
    clock.ended(first, done);
    expect(left()).toBeCloseTo(100, 9);
  });

  it('is unknown without any known speed until a pace is measured', () => {
    const [first, second] = [training('a', 7), training('b', 14)];
    const { clock, step, pass, left } = watch([first, second], { isKnown: false });
    expect(left()).toBeUndefined();
    clock.started(first);
    step(first, 0);
    expect(left()).toBeUndefined();
    pass(10);
    step(first, 50);
    expect(left()).toBeCloseTo(10 + 40, 9);
  });

  it('prefers the pace of the same network', () => {
    const tasks = [training('a', 10), training('a2', 10), training('b', 10)];
    const { clock, pass, step, left } = watch(tasks, { network: ({ id }) => (/:a/.test(id) ? 'a' : 'b') });
    const [a, a2, b] = tasks as [Task, Task, Task];
    for (const [task, seconds] of [
      [a, 30],
      [b, 5],
    ] as const) {
      clock.started(task);
      step(task, 0);
      pass(seconds);
      step(task, 100);
      clock.ended(task, done);
    }
    expect(left()).toBeCloseTo(30, 9);
    clock.started(a2);
    pass(12);
    expect(left()).toBeCloseTo(18, 9);
  });

  it('does not learn from what was reused, skipped or failed', () => {
    const [first, second] = [training('a', 10), training('b', 10)];
    const { clock, pass, left } = watch([first, second]);
    clock.started(first);
    pass(4);
    clock.ended(first, { ...done, reused: true });
    expect(left()).toBe(10);
    clock.ended(second, { status: 'skipped', because: 'train failed' });
    pass(2);
    expect(left()).toBe(0);
  });

  it('is an upper bound as long as a training may stop early', () => {
    const task = training('a', 10);
    const stopping = { ...task, id: 's', work: { ...task.work, run: { recipe: { earlyStopping: {} } } } as never };
    expect(watch([task]).clock.timeLeft()).toEqual({ seconds: 10, isUpperBound: false });
    const { clock } = watch([task, stopping]);
    expect(clock.timeLeft()?.isUpperBound).toBe(true);
    clock.ended(stopping, done);
  });
});
