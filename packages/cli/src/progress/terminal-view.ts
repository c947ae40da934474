import type { StageEvent } from '@bakeoff/core';
import type { Task, TaskOutcome } from '../tasks/task.ts';
import { describeAmount, describeFigures, type ProgressEvent } from './describe-progress.ts';
import { endingLine, taskHead } from './ending-line.ts';
import { formatDuration } from './format.ts';
import { Skips } from './skips.ts';
import { type Style, truncate, visibleLength } from './style.ts';
import { type TellTimeLeft, timeLeftText } from './time-left-text.ts';
import type { View, ViewStream } from './view.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const BAR_CELLS = 24;
const FEWEST_BAR_CELLS = 8;
const DEFAULT_COLUMNS = 100;

interface Running {
  readonly startMs: number;
  latest?: ProgressEvent;
  /** Time and progress when the current label was first seen: a resumed training does not start at 0. */
  base?: { readonly label: string; readonly atMs: number; readonly done: number };
}

/**
 * Bars for the running tasks at the bottom of the terminal; lines about ended tasks scroll above them and stay.
 * Redraws at most ten times per second.
 */
export class TerminalView implements View {
  private readonly running = new Map<Task, Running>();
  private readonly said = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private readonly skips = new Skips();
  private drawnLines = 0;
  private frame = 0;
  private ended_ = 0;

  constructor(
    private readonly stream: ViewStream,
    private readonly style: Style,
    private readonly total: number,
    private readonly labelWidth: number,
    private readonly hint: string,
    private readonly tellTimeLeft: TellTimeLeft = () => null,
  ) {
    this.timer = setInterval(() => {
      this.frame++;
      this.draw();
    }, FRAME_MS);
    this.timer.unref();
    stream.write('\u001b[?25l');
  }

  print(line: string): void {
    this.erase();
    this.stream.write(`${line}\n`);
    this.draw();
  }

  started(task: Task): void {
    this.running.set(task, { startMs: performance.now() });
  }

  event(task: Task, event: StageEvent): void {
    const running = this.running.get(task);
    if (running === undefined) return;
    if (event.type === 'progress') {
      // Figures of a whole epoch remain visible during the steps of the next.
      running.latest = { ...event, figures: { ...running.latest?.figures, ...event.figures } };
      if (running.base?.label !== event.label)
        running.base = { label: event.label, atMs: performance.now(), done: event.done };
    } else if (event.type !== 'reused' && !this.said.has(event.text)) {
      this.said.add(event.text);
      this.print(event.type === 'warning' ? this.style.warn(`⚠ ${event.text}`) : this.style.dim(`· ${event.text}`));
    }
  }

  ended(task: Task, outcome: TaskOutcome): void {
    this.running.delete(task);
    this.ended_++;
    if (this.skips.repeats(outcome)) return;
    this.print(endingLine(task, outcome, this.style, this.labelWidth));
  }

  close(): void {
    clearInterval(this.timer);
    this.erase();
    this.stream.write('\u001b[?25h');
  }

  /** Starts at the beginning of the line, because the terminal echoes pressed keys (^C). */
  private erase(): void {
    if (this.drawnLines > 0) this.stream.write(`\r\u001b[${this.drawnLines}A\u001b[0J`);
    this.drawnLines = 0;
  }

  private draw(): void {
    const columns = this.stream.columns ?? DEFAULT_COLUMNS;
    const lines = [...this.running].map(([task, running]) => this.taskLine(task, running, columns));
    if (this.total > 1) lines.push(this.style.dim(`  ${this.wholeStudy()}`));
    this.erase();
    if (this.running.size === 0) return;
    this.stream.write(lines.map((line) => `${truncate(line, columns - 1)}\n`).join(''));
    this.drawnLines = lines.length;
  }

  private wholeStudy(): string {
    const left = timeLeftText(this.tellTimeLeft());
    return [`${this.ended_} of ${this.total} tasks`, left ?? '', this.hint].filter((part) => part !== '').join(' · ');
  }

  private taskLine(task: Task, running: Running, columns: number): string {
    const spinner = this.style.accent(FRAMES[this.frame % FRAMES.length] ?? '');
    const head = `${spinner} ${taskHead(task, this.style, this.labelWidth)}`;
    const { latest } = running;
    if (latest === undefined)
      return `${head}  ${this.style.dim(`starting ${formatDuration(performance.now() - running.startMs)}`)}`;
    const epoch = latest.figures?.['epoch'];
    const details =
      epoch === undefined
        ? [latest.label, describeAmount(latest)]
        : [`epoch ${epoch}`, ...describeFigures(latest.figures ?? {})];
    const tail = [...details, remaining(running)].filter((part) => part !== '').join(this.style.dim(' · '));
    const cells = Math.min(BAR_CELLS, columns - visibleLength(head) - visibleLength(tail) - 5);
    return cells < FEWEST_BAR_CELLS
      ? `${head}  ${tail}`
      : `${head}  ${this.bar(latest.done / latest.total, cells)}  ${tail}`;
  }

  private bar(fraction: number, width: number): string {
    const cells = Math.max(0, Math.min(1, fraction)) * width;
    const full = Math.floor(cells);
    const half = cells - full >= 0.5 ? '╸' : '';
    return this.style.accent('━'.repeat(full) + half) + this.style.dim('─'.repeat(width - full - half.length));
  }
}

/** Time left at the task's own pace so far. */
function remaining({ latest, base }: Running): string {
  if (latest === undefined || base === undefined || latest.done <= base.done) return '';
  const elapsedMs = performance.now() - base.atMs;
  if (elapsedMs < 2000 || latest.done >= latest.total) return '';
  return `${formatDuration((elapsedMs * (latest.total - latest.done)) / (latest.done - base.done))} left`;
}
