import type { StageEvent } from '@bakeoff/core';
import type { JobLimits } from '../tasks/job-limits.ts';
import type { Task, TaskObserver, TaskOutcome } from '../tasks/task.ts';
import type { ExpectedTime } from './expected-time.ts';
import { type TaskProgress, timeLeft, type TimeLeft } from './time-left.ts';

/** The time left is computed again after this time. */
const REFRESH_MS = 1000;

/** What happened to a task, in milliseconds of the clock. */
interface Watched {
  readonly startMs: number;
  /** Time and share done at the first step that was seen: a training that resumes does not start at 0. */
  base?: { readonly atMs: number; readonly share: number };
  latest?: { readonly atMs: number; readonly share: number };
  endMs?: number;
}

/** Follows the tasks of a study as they run, and says how much time is left for all of them. */
export class StudyClock implements TaskObserver {
  private readonly watched = new Map<Task, Watched>();
  private told?: { readonly atMs: number; readonly left: TimeLeft | null };

  constructor(
    private readonly tasks: readonly Task[],
    private readonly expectedOf: (task: Task) => ExpectedTime,
    private readonly limits: JobLimits,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  started(task: Task): void {
    this.watched.set(task, { startMs: this.nowMs() });
  }

  event(task: Task, event: StageEvent): void {
    const watched = this.watched.get(task);
    // Only steps say how much of a training is done: other events count the parts of its preparation.
    if (watched === undefined || event.type !== 'progress' || event.unit !== 'steps') return;
    const now = { atMs: this.nowMs(), share: event.done / event.total };
    watched.base ??= now;
    watched.latest = now;
  }

  ended(task: Task, outcome: TaskOutcome): void {
    const watched = this.watched.get(task) ?? { startMs: this.nowMs() };
    this.watched.set(task, watched);
    // What was reused, failed or stopped early says nothing about the pace of whole tasks.
    const isWhole = outcome.status === 'done' && !outcome.reused && watched.latest === undefined;
    watched.endMs = isWhole ? this.nowMs() : (watched.latest?.atMs ?? watched.startMs);
  }

  /** For the whole study; null while it cannot be told. */
  timeLeft(): TimeLeft | null {
    const nowMs = this.nowMs();
    if (this.told === undefined || nowMs - this.told.atMs >= REFRESH_MS) {
      const progress = this.tasks.map((task) => this.progressOf(task));
      this.told = { atMs: nowMs, left: timeLeft(progress, this.expectedOf, this.limits) };
    }
    return this.told.left;
  }

  private progressOf(task: Task): TaskProgress {
    const watched = this.watched.get(task);
    if (watched === undefined) return { task, status: 'waiting', measuredSeconds: 0, measuredShare: 0, shareLeft: 1 };
    const { startMs, base, latest, endMs } = watched;
    const status = endMs === undefined ? 'running' : 'ended';
    if (base === undefined || latest === undefined) {
      const measuredSeconds = ((endMs ?? this.nowMs()) - startMs) / 1000;
      return { task, status, measuredSeconds, measuredShare: status === 'ended' ? 1 : 0, shareLeft: 1 };
    }
    return {
      task,
      status,
      measuredSeconds: (latest.atMs - base.atMs) / 1000,
      measuredShare: latest.share - base.share,
      shareLeft: 1 - latest.share,
    };
  }
}
