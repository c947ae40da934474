import type { StageEvent } from '@bakeoff/core';
import type { Task, TaskOutcome } from '../tasks/task.ts';
import type { View, ViewStream } from './view.ts';

/**
 * One JSON object per line: every event with the task it belongs to. Read by scripts, and by the runner that started
 * the process.
 */
export class JsonView implements View {
  constructor(private readonly stream: ViewStream) {}

  print(): void {}

  started(task: Task): void {
    this.write({ type: 'started', ...subject(task) });
  }

  event(task: Task, event: StageEvent): void {
    this.write({ ...event, ...subject(task) });
  }

  ended(task: Task, outcome: TaskOutcome): void {
    this.write({ type: 'ended', ...subject(task), ...outcome });
  }

  close(): void {}

  private write(value: object): void {
    this.stream.write(`${JSON.stringify(value)}\n`);
  }
}

function subject(task: Task): { stage: string; task: string } {
  return { stage: task.work.stage, task: task.id };
}
