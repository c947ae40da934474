import type { Clock, DatasetIndex, EngineDescription, PlannedRun, StageEvent, Store } from '@bakeoff/core';
import { loadEngine } from '@bakeoff/model/engine';
import { trainRun, type TrainOutcome } from '../index.ts';

const DESCRIPTION: EngineDescription = { name: 'wasm', build: 'test', versions: {}, hardware: { processor: 'test', cores: 1, memoryMib: 1 }, bakeoffVersion: '0', codeRevision: '0' };

const systemClock: Clock = { nowMs: () => Date.now(), elapsedMs: () => performance.now() };

export interface SampleCall {
  readonly store: Store;
  readonly index: DatasetIndex;
  readonly run: PlannedRun;
  readonly attemptId?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Given every event as it happens. */
  readonly onEvent?: (event: StageEvent) => void;
}

/** Calls `trainRun` on engine wasm as the command line would. */
export async function callTrainRun({ store, index, run, attemptId = 'a', signal = new AbortController().signal, clock = systemClock, onEvent = () => undefined }: SampleCall): Promise<TrainOutcome> {
  const engine = await loadEngine('wasm');
  return trainRun({ run, index, attemptId, description: DESCRIPTION }, { store, log: onEvent, signal, clock, engine });
}

/** Every object of the run by key, but what an attempt may have of its own (measurements). */
export async function determinedObjects(store: Store, { runId: id }: PlannedRun): Promise<Map<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>();
  for await (const { key } of store.list(`runs/${id}/`)) {
    const body = await store.get(key);
    if (body !== undefined && !key.includes('/measurements/')) objects.set(key, body);
  }
  return objects;
}
