import {
  type EngineDescription,
  type GpuUse,
  keys,
  type StageContext,
  type TrainingMeasurement,
  writeJson,
} from '@bakeoff/core';

interface Attempt {
  readonly runId: string;
  readonly attemptId: string;
  readonly description: EngineDescription;
  readonly host?: TrainingMeasurement['host'];
  /** The GPU's utilization so far; undefined while it is not known. */
  readonly gpuUse?: () => GpuUse | undefined;
}

/** Counts images over training time only: steps, without validation and checkpoints. */
class Throughput {
  private images = 0;
  private milliseconds = 0;

  add(images: number, milliseconds: number): void {
    this.images += images;
    this.milliseconds += milliseconds;
  }

  get imagesPerSecond(): number {
    return this.milliseconds === 0 ? 0 : (this.images * 1000) / this.milliseconds;
  }
}

/**
 * What an attempt cost: time, throughput, memory. Kept next to the run's record, because it depends on the machine and
 * the day.
 */
export class AttemptMeter {
  private readonly startedAt: string;
  private readonly startMs: number;
  private readonly epochs: { epoch: number; wallSeconds: number; imagesPerSecond: number }[] = [];
  private readonly warnings: string[] = [];
  private readonly whole = new Throughput();
  private epoch = new Throughput();
  private epochStartMs: number;
  private memoryBytes: () => number = () => 0;
  private peakMemoryBytes = 0;
  private firstStep = 0;
  private lastStep = 0;

  constructor(
    private readonly context: Pick<StageContext, 'store' | 'clock'>,
    private readonly attempt: Attempt,
  ) {
    this.startedAt = new Date(context.clock.nowMs()).toISOString();
    this.startMs = context.clock.elapsedMs();
    this.epochStartMs = this.startMs;
  }

  get imagesPerSecond(): number {
    return this.whole.imagesPerSecond;
  }

  /** The step that the attempt resumes from, and what reports its memory use. */
  startAt(step: number, memoryBytes: () => number): void {
    this.memoryBytes = memoryBytes;
    this.firstStep = step;
    this.lastStep = step;
    this.startEpoch();
  }

  startEpoch(): void {
    this.epoch = new Throughput();
    this.epochStartMs = this.context.clock.elapsedMs();
  }

  addStep(step: number, images: number, milliseconds: number): void {
    this.lastStep = step;
    this.whole.add(images, milliseconds);
    this.epoch.add(images, milliseconds);
  }

  /** The wall time of a resumed epoch covers only the part that this attempt did. */
  endEpoch(epoch: number): void {
    this.epochs.push({
      epoch,
      wallSeconds: this.secondsSince(this.epochStartMs),
      imagesPerSecond: this.epoch.imagesPerSecond,
    });
  }

  addWarning(text: string): void {
    this.warnings.push(text);
  }

  /** @param failure Why it failed. */
  async write(outcome: TrainingMeasurement['outcome'], failure?: string): Promise<void> {
    const { runId, attemptId, description, host, gpuUse } = this.attempt;
    const gpu = gpuUse?.();
    this.peakMemoryBytes = Math.max(this.peakMemoryBytes, this.memoryBytes());
    const measurement: TrainingMeasurement = {
      formatVersion: 1,
      runId,
      attemptId,
      engine: description,
      startedAt: this.startedAt,
      firstStep: this.firstStep,
      lastStep: this.lastStep,
      outcome,
      wallSeconds: this.secondsSince(this.startMs),
      imagesPerSecond: this.imagesPerSecond,
      epochs: this.epochs,
      peakMemoryBytes: this.peakMemoryBytes,
      ...(this.warnings.length === 0 ? {} : { warnings: this.warnings }),
      ...(failure === undefined ? {} : { failure }),
      ...(gpu === undefined ? {} : { gpu }),
      ...(host === undefined ? {} : { host }),
    };
    await writeJson(this.context.store, keys.runMeasurement(runId, attemptId), measurement);
  }

  private secondsSince(startMs: number): number {
    return (this.context.clock.elapsedMs() - startMs) / 1000;
  }
}
