import { setTimeout as delay } from 'node:timers/promises';
import type { Plan, RunProgress, StageContext } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { LiveReport, type LiveUpdate } from '@bakeoff/report';
import { readProgress } from '@bakeoff/trainer/progress';
import { StudyTraces } from './study-traces.ts';
import { tellTimeLeft } from './tell-time-left.ts';

/** Of one core, that watching may take in the long run. */
const SHARE = 0.014;
/** Processor time that the first readings may take beyond their share. */
const CREDIT_MS = 1000;
/** A store on a network is asked less often. */
const NEAREST_MS = { local: 1000, remote: 5000 };

export interface StudyListener {
  readonly update: (update: LiveUpdate) => void;
  /** The store could not be read; it is tried again. */
  readonly problem: (message: string) => void;
}

/** A study whose records are read again as they change, while someone watches. */
export class WatchedStudy {
  private readonly report: LiveReport;
  private readonly listeners = new Set<StudyListener>();
  private readonly traces: StudyTraces;
  private readonly progress = new Map<string, RunProgress>();
  private seen: string | undefined;
  private reading: Promise<void> = Promise.resolve();
  private isWatching = false;
  private spentMs = 0;
  private readonly startedMs: number;

  constructor(
    private readonly context: StageContext,
    plan: Plan,
  ) {
    this.startedMs = context.clock.elapsedMs();
    this.traces = new StudyTraces(context.store, plan);
    this.report = new LiveReport(
      { plan, sources },
      { progressOf: (runId) => this.progressOf(runId), timeLeft: tellTimeLeft(plan) },
    );
  }

  private async progressOf(runId: string): Promise<RunProgress | undefined> {
    const progress = await readProgress(this.context.store, runId, this.progress.get(runId));
    if (progress !== undefined) this.progress.set(runId, progress);
    return progress;
  }

  /** Looks whether anything was written, and tells the listeners what has changed in the page. */
  refresh(): Promise<void> {
    this.reading = this.reading.catch(() => undefined).then(() => this.read());
    return this.reading;
  }

  private async read(): Promise<void> {
    const before = process.cpuUsage();
    try {
      const seen = await this.traces.read();
      if (seen === this.seen && this.context.clock.nowMs() < this.report.nextChangeMs) return;
      const update = await this.report.refresh(this.context);
      this.seen = seen;
      if (update !== undefined) for (const listener of this.listeners) listener.update(update);
    } finally {
      const { user, system } = process.cpuUsage(before);
      this.spentMs += (user + system) / 1000;
    }
  }

  /** Everything that the page needs. */
  whole(): LiveUpdate {
    return this.report.whole();
  }

  get version(): string {
    return this.report.version;
  }

  page(): Promise<string> {
    return this.report.page();
  }

  /** Called with each change until the returned function is called. Without listeners, nothing is read. */
  subscribe(listener: StudyListener): () => void {
    this.listeners.add(listener);
    if (!this.isWatching) void this.watch();
    return () => this.listeners.delete(listener);
  }

  private async watch(): Promise<void> {
    this.isWatching = true;
    while (this.listeners.size > 0 && !this.context.signal.aborted) {
      await delay(this.waitMs(), undefined, { ref: false });
      if (this.listeners.size === 0) break;
      await this.refresh().catch((error: unknown) => {
        for (const listener of this.listeners) listener.problem((error as Error).message);
      });
    }
    this.isWatching = false;
  }

  /** Until the time spent is again the allowed share of the time since the start. */
  private waitMs(): number {
    const nearest = this.context.store.url.startsWith('s3:') ? NEAREST_MS.remote : NEAREST_MS.local;
    const elapsedMs = this.context.clock.elapsedMs() - this.startedMs;
    return Math.max(nearest, (this.spentMs - CREDIT_MS) / SHARE - elapsedMs);
  }
}
