import type { GpuUse } from '@bakeoff/core';
import { readGpus, usedGpu } from './nvidia-smi.ts';

const FIRST_LOOK_MS = 250;
const LOOK_EVERY_MS = 5000;

/** Reads the GPU that computes every few seconds, from construction until it is stopped. */
export class GpuMeter {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private samples = 0;
  private peakMemoryMib: number | null = null;
  private utilization = { sum: 0, count: 0 };

  constructor(
    private readonly everyMs = LOOK_EVERY_MS,
    firstMs = FIRST_LOOK_MS,
  ) {
    this.lookIn(firstMs);
  }

  /** Undefined before the first reading, or if nvidia-smi reports nothing. */
  use(): GpuUse | undefined {
    const { samples, peakMemoryMib, utilization } = this;
    if (samples === 0) return undefined;
    return {
      samples,
      peakMemoryMib,
      meanUtilization: utilization.count === 0 ? null : utilization.sum / utilization.count,
    };
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private lookIn(ms: number): void {
    this.timer = setTimeout(() => void this.look(), ms);
    // A training that has ended does not wait for another reading.
    this.timer.unref();
  }

  private async look(): Promise<void> {
    const gpu = usedGpu((await readGpus()).gpus);
    if (this.stopped) return;
    if (gpu !== undefined) {
      this.samples++;
      if (gpu.memoryUsedMib !== null) this.peakMemoryMib = Math.max(this.peakMemoryMib ?? 0, gpu.memoryUsedMib);
      if (gpu.utilization !== null)
        this.utilization = { sum: this.utilization.sum + gpu.utilization, count: this.utilization.count + 1 };
    }
    this.lookIn(this.everyMs);
  }
}
