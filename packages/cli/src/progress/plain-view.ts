import type { StageEvent } from '@bakeoff/core';
import type { Task, TaskOutcome } from '../tasks/task.ts';
import { describeAmount, describeFigures, type ProgressEvent } from './describe-progress.ts';
import { endingLine, taskHead } from './ending-line.ts';
import { Skips } from './skips.ts';
import { plainStyle } from './style.ts';
import { type TellTimeLeft, timeLeftText } from './time-left-text.ts';
import type { View, ViewStream } from './view.ts';

/** Without epochs to count, a task's progress gets a line at every quarter. */
const PARTS = 4;
/** Work that is done sooner gets no such lines. */
const BETWEEN_PARTS_MS = 5000;
/** The time left is said at most this often. */
const BETWEEN_TIMES_LEFT_MS = 30_000;

/** For logs and pipes: one line for each event worth keeping, per epoch or per quarter. */
export class PlainView implements View {
  private readonly said = new Set<string>();
  private readonly reached = new Map<string, { readonly mark: string; readonly atMs: number }>();
  private readonly latest = new Map<string, ProgressEvent>();
  private readonly skips = new Skips();
  private toldAtMs = performance.now();

  constructor(
    private readonly stream: ViewStream,
    private readonly labelWidth: number,
    private readonly tellTimeLeft: TellTimeLeft = () => null,
  ) {}

  print(line: string): void {
    this.stream.write(`${line}\n`);
  }

  started(task: Task): void {
    this.reached.set(task.id, { mark: '', atMs: performance.now() });
    this.print(`▸ ${this.head(task)}`.trimEnd());
  }

  event(task: Task, event: StageEvent): void {
    if (event.type === 'progress') this.progress(task, event);
    else if (event.type === 'message' || event.type === 'warning') this.say(event.text, event.type === 'warning');
  }

  ended(task: Task, outcome: TaskOutcome): void {
    const last = this.latest.get(task.id);
    if (last !== undefined) this.printEpoch(task, last);
    this.latest.delete(task.id);
    if (this.skips.repeats(outcome)) return;
    this.print(endingLine(task, outcome, plainStyle, this.labelWidth));
    this.sayTimeLeft();
  }

  close(): void {}

  private progress(task: Task, event: ProgressEvent): void {
    if (event.figures?.['epoch'] === undefined) this.part(task, event);
    else this.epoch(task, event);
  }

  /** An epoch's figures are in its last event, which is recognized when the first event of the next epoch comes. */
  private epoch(task: Task, event: ProgressEvent): void {
    const before = this.latest.get(task.id);
    if (before !== undefined && before.figures?.['epoch'] !== event.figures?.['epoch']) this.printEpoch(task, before);
    this.latest.set(task.id, event);
  }

  private printEpoch(task: Task, { figures = {} }: ProgressEvent): void {
    this.print(`  ${this.head(task)}  ${[`epoch ${figures['epoch']}`, ...describeFigures(figures)].join(' · ')}`);
  }

  private part(task: Task, event: ProgressEvent): void {
    const part = Math.floor((event.done / event.total) * PARTS);
    const mark = `${event.label} ${part}`;
    const before = this.reached.get(task.id);
    const nowMs = performance.now();
    if (part === 0 || before?.mark === mark || (before !== undefined && nowMs - before.atMs < BETWEEN_PARTS_MS)) return;
    this.reached.set(task.id, { mark, atMs: nowMs });
    this.print(`  ${this.head(task)}  ${event.label}: ${describeAmount(event)}`);
  }

  private sayTimeLeft(): void {
    const nowMs = performance.now();
    if (nowMs - this.toldAtMs < BETWEEN_TIMES_LEFT_MS) return;
    const text = timeLeftText(this.tellTimeLeft());
    if (text === null) return;
    this.toldAtMs = nowMs;
    this.print(`· ${text}`);
  }

  private head(task: Task): string {
    return taskHead(task, plainStyle, this.labelWidth);
  }

  /** Several processes send the same message (which engine, and why); it is printed once. */
  private say(text: string, warning: boolean): void {
    if (this.said.has(text)) return;
    this.said.add(text);
    this.print(`${warning ? '⚠' : '·'} ${text}`);
  }
}
