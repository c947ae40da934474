import { type RunProgress, sha256, type StageContext } from '@bakeoff/core';
import { liveScript } from '../client-script.ts';
import { readReport, type ReportInput, type ReportOptions } from '../build-report.ts';
import { CollectMemory } from '../data/live-source.ts';
import type { Measurements } from '../data/measurements.ts';
import { packReport } from '../data/pack-report.ts';
import type { ReportData } from '../data/report-data.ts';
import { changingParts, pageMarkup, scriptData } from '../page/page.ts';
import { changesBetween } from './changes.ts';
import type { LiveUpdate } from './live-update.ts';

export interface LiveReportOptions extends Pick<ReportOptions, 'prices'> {
  /** How far an unfinished run has come; undefined if it has left nothing. */
  readonly progressOf: (runId: string) => Promise<RunProgress | undefined>;
  /** Until the study ends, in words: "about 2 h left"; null if it is not known. */
  readonly timeLeft: (data: ReportData, measurements: Measurements) => string | null;
}

interface State {
  readonly version: string;
  readonly data: ReportData;
  readonly measurements: Measurements;
  readonly parts: Readonly<Record<string, string>>;
  readonly timeLeft: string | null;
  /** When the state changes although nothing is written, in milliseconds since the epoch. */
  readonly nextChangeMs: number;
}

/** The report of a study that is not finished: its page, and what changes in it as records are written. */
export class LiveReport {
  private state: State | undefined;
  private readonly memory = new CollectMemory();

  constructor(
    private readonly input: ReportInput,
    private readonly options: LiveReportOptions,
  ) {}

  /** Reads the records. Returns what has changed since they were read before; undefined if nothing has. */
  async refresh(context: StageContext): Promise<LiveUpdate | undefined> {
    const before = this.state;
    const read = await this.read(context);
    if (before === undefined) {
      this.state = { ...read, version: versionOf(read) };
      return undefined;
    }
    const data = changesBetween(scriptData(before.data), scriptData(read.data));
    const measurements = changesBetween(before.measurements, read.measurements);
    const parts = Object.fromEntries(Object.entries(read.parts).filter(([name, part]) => part !== before.parts[name]));
    if (data.length === 0 && measurements.length === 0 && Object.keys(parts).length === 0) {
      this.state = { ...before, nextChangeMs: read.nextChangeMs };
      return undefined;
    }
    const version = versionOf(read);
    this.state = { ...read, version };
    return { base: before.version, version, data, measurements, parts };
  }

  private async read(context: StageContext): Promise<Omit<State, 'version'>> {
    const { prices, progressOf, timeLeft } = this.options;
    const live = { progressOf, nowMs: context.clock.nowMs(), memory: this.memory };
    const { data, measurements, nextChangeMs } = await readReport(this.input, context, { prices, live });
    const left = timeLeft(data, measurements);
    const parts = changingParts(data, measurements, {
      sources: this.input.sources ?? {},
      live: { version: '', timeLeft: left },
    });
    return {
      data,
      measurements,
      nextChangeMs,
      timeLeft: left,
      parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part?.markup ?? ''])),
    };
  }

  private get known(): State {
    if (this.state === undefined) throw new Error('refresh has not been called');
    return this.state;
  }

  get version(): string {
    return this.known.version;
  }

  get nextChangeMs(): number {
    return this.state?.nextChangeMs ?? 0;
  }

  /** Everything that the page needs, whatever version it has. */
  whole(): LiveUpdate {
    const { version, data, measurements, parts } = this.known;
    const packed = packReport(scriptData(data)) as Exclude<LiveUpdate['data'], readonly unknown[]>;
    return { base: null, version, data: packed, measurements, parts };
  }

  async page(): Promise<string> {
    const { version, data, measurements, timeLeft } = this.known;
    return pageMarkup(data, measurements, {
      script: await liveScript(),
      sources: this.input.sources ?? {},
      live: { version, timeLeft },
    });
  }
}

/** Equal for equal pages, also of another process. */
function versionOf({ data, measurements, parts }: Omit<State, 'version'>): string {
  return sha256(JSON.stringify([data, measurements, parts])).slice(0, 16);
}
