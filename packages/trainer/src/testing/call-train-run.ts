import type { Clock, DatasetIndex, EngineDescription, PlannedRun, StageEvent, Store } from '@bakeoff/core';
import { type Engine, type EngineName, loadEngine } from '@bakeoff/engine';
import { testedNative } from '@bakeoff/engine/testing';
import { trainRun, type TrainOutcome } from '../index.ts';

const DESCRIPTION: EngineDescription = {
  name: 'wasm',
  build: 'test',
  versions: {},
  hardware: { processor: 'test', cores: 1, memoryMib: 1 },
  bakeoffVersion: '0',
  codeRevision: '0',
};

const systemClock: Clock = { nowMs: () => Date.now(), elapsedMs: () => performance.now() };

export interface SampleCall {
  readonly store: Store;
  readonly index: DatasetIndex;
  readonly run: PlannedRun;
  readonly attemptId?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly engine?: EngineName;
  /** Of its builds; default: the one that BAKEOFF_NATIVE asks for. */
  readonly build?: string;
  /** Compile steps with XLA; default: no. */
  readonly xla?: boolean;
  /** The engine as this call sees it. */
  readonly changeEngine?: (engine: Engine) => Engine;
  /** Called with every event as it happens. */
  readonly onEvent?: (event: StageEvent) => void;
}

/** Calls `trainRun` as the command line would, on engine wasm by default. */
export async function callTrainRun(call: SampleCall): Promise<TrainOutcome> {
  const {
    store,
    index,
    run,
    attemptId = 'a',
    signal = new AbortController().signal,
    clock = systemClock,
    onEvent = () => undefined,
    changeEngine = (same) => same,
  } = call;
  const engine = changeEngine(
    await loadEngine(call.engine ?? 'wasm', { build: call.build, native: testedNative, xla: call.xla }),
  );
  return trainRun({ run, index, attemptId, description: DESCRIPTION }, { store, log: onEvent, signal, clock, engine });
}

/** Every object of the run by key, except those that may differ between attempts (measurements). */
export async function determinedObjects(store: Store, { runId: id }: PlannedRun): Promise<Map<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>();
  for await (const { key } of store.list(`runs/${id}/`)) {
    const body = await store.get(key);
    if (body !== undefined && !key.includes('/measurements/')) objects.set(key, body);
  }
  return objects;
}
