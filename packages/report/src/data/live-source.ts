import {
  CHECKPOINT_INTERVAL_MS,
  type DatasetIndex,
  type HardImage,
  type RunProgress,
  type TrainingMeasurement,
} from '@bakeoff/core';
import type { CollectedRun } from './collected-run.ts';
import type { DatasetSamples, Gallery, PackedCurve, RunStatus } from './report-data.ts';

/** What a page that follows a study reads besides finished records. */
export interface LiveSource {
  /** How far an unfinished run has come; undefined if it has left nothing. */
  readonly progressOf: (runId: string) => Promise<RunProgress | undefined>;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly memory: CollectMemory;
}

/** What was read before and cannot have changed since, so that following a study costs little. */
export class CollectMemory {
  /** By evaluation: finished runs, and the images that they nominate for the gallery. */
  readonly runs = new Map<string, { readonly run: CollectedRun; readonly images: readonly HardImage[] }>();
  /** By dataset. */
  readonly indices = new Map<string, DatasetIndex>();
  readonly samples = new Map<string, DatasetSamples | null>();
  readonly curves = new WeakMap<RunProgress, PackedCurve | null>();
  /** The gallery of a set of evaluations. */
  gallery: { readonly of: string; readonly gallery: Gallery | null } | undefined;
}

/** Epochs differ in length, and processes wait for each other. */
const SLACK_MS = 30_000;
/** A checkpoint waits for a validation that is under way. */
const VALIDATION_MS = 90_000;

/**
 * Until when an attempt that was not ended may be silent: it writes at the end of each epoch, and otherwise as often as
 * it writes checkpoints. After that, its process is taken to be gone.
 */
function silentUntilMs({ startedAt, wallSeconds, epochs }: TrainingMeasurement): number {
  const longest = Math.max(...epochs.map((epoch) => epoch.wallSeconds * 1000));
  const interval = CHECKPOINT_INTERVAL_MS + VALIDATION_MS;
  return (
    Date.parse(startedAt) +
    wallSeconds * 1000 +
    SLACK_MS +
    (epochs.length === 0 ? interval : Math.min(3 * longest, interval))
  );
}

/** What an unfinished run is doing. */
export function statusAt({ record, training }: CollectedRun, nowMs: number): RunStatus {
  if (record !== null) return 'running';
  const last = training.at(-1);
  if (last === undefined) return 'waiting';
  return last.outcome === 'running' && nowMs <= silentUntilMs(last) ? 'running' : 'stopped';
}

/** When the statuses of these runs change although nothing is written; infinite if they do not. */
export function nextChangeMs(runs: readonly CollectedRun[], nowMs: number): number {
  const silent = runs.flatMap(({ record, training }) => {
    const last = record === null ? training.at(-1) : undefined;
    return last?.outcome === 'running' && nowMs <= silentUntilMs(last) ? [silentUntilMs(last)] : [];
  });
  return Math.min(...silent);
}
