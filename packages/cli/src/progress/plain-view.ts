import type { StageEvent } from '@bakeoff/core';
import type { Task, TaskOutcome } from '../local/task.ts';
import { describeAmount, describeFigures, type ProgressEvent } from './describe-progress.ts';
import { endingLine } from './ending-line.ts';
import { plainStyle } from './style.ts';
import type { View, ViewStream } from './view.ts';

/** Without epochs to count, a task's progress is worth a line at every quarter. */
const PARTS = 4;

/** For logs and pipes: one line for each thing worth keeping, an epoch or a quarter at a time. */
export class PlainView implements View {
  private readonly said = new Set<string>();
  private readonly reached = new Map<string, string>();

  constructor(private readonly stream: ViewStream) {}

  print(line: string): void {
    this.stream.write(`${line}\n`);
  }

  started(task: Task): void {
    this.print(`▸ ${task.stage.padEnd(9)} ${task.label}`);
  }

  event(task: Task, event: StageEvent): void {
    if (event.type === 'progress') this.progress(task, event);
    else if (event.type === 'message' || event.type === 'warning') this.say(event.text, event.type === 'warning');
  }

  ended(task: Task, outcome: TaskOutcome): void {
    this.print(endingLine(task, outcome, plainStyle));
  }

  close(): void {}

  private progress(task: Task, event: ProgressEvent): void {
    const epoch = event.figures?.['epoch'];
    const mark = epoch === undefined ? `${event.label} ${Math.floor((event.done / event.total) * PARTS)}` : `epoch ${epoch}`;
    const before = this.reached.get(task.id);
    if (before === mark) return;
    this.reached.set(task.id, mark);
    if (epoch === undefined && before === undefined && event.done < event.total / PARTS) return;
    const details = epoch === undefined ? [`${event.label}: ${describeAmount(event)}`] : [`epoch ${epoch}`, ...describeFigures(event.figures ?? {})];
    this.print(`  ${task.stage.padEnd(9)} ${task.label}  ${details.join(' · ')}`);
  }

  /** Several processes say the same (which engine and why): once is enough. */
  private say(text: string, warning: boolean): void {
    if (this.said.has(text)) return;
    this.said.add(text);
    this.print(`${warning ? '⚠' : '·'} ${text}`);
  }
}
