import {
  encodeSafetensors,
  type EpochRow,
  type FileEntry,
  keys,
  type PlannedRun,
  readJson,
  type RunRecord,
  type SafeTensor,
  sha256,
  type StopReason,
  type Store,
  writeJsonIfAbsent,
  runRecordSchema,
} from '@bakeoff/core';
import { bestEpoch } from './selection.ts';
import type { StepHistory } from './step-history.ts';

export interface TrainingResult {
  readonly stopReason: StopReason;
  readonly epochs: readonly EpochRow[];
  readonly history: StepHistory;
  readonly imagesSeen: number;
  /** The best epoch's parameters and running statistics; null if no epoch ended. */
  readonly best: Readonly<Record<string, SafeTensor>> | null;
}

/** The run's record, if the run is finished. */
export function readRunRecord(store: Store, runId: string): Promise<RunRecord | undefined> {
  return readJson(store, keys.runRecord(runId), runRecordSchema);
}

/**
 * Writes model and history, then `run.json` if there is none. Returns the record that exists in the end: after a race,
 * the winner's.
 */
export async function writeRunResult(store: Store, run: PlannedRun, result: TrainingResult): Promise<RunRecord> {
  const { runId, recipeId, datasetId, seed, parameters, macs } = run;
  const { stopReason, epochs, imagesSeen, best } = result;
  const chosen = bestEpoch(epochs, run.recipe.selection)?.epoch ?? null;
  const model =
    best === null
      ? null
      : await putByDigest(
          store,
          (digest) => keys.runModel(runId, digest),
          encodeSafetensors(best, { runId, epoch: String(chosen) }),
        );
  const history = await putByDigest(
    store,
    (digest) => keys.runHistory(runId, digest),
    encodeSafetensors(result.history.tensors(), { runId }),
  );
  const record: RunRecord = {
    formatVersion: 1,
    runId,
    recipeId,
    datasetId,
    seed,
    status: stopReason === 'diverged' ? 'diverged' : 'finished',
    stopReason,
    epochs,
    steps: result.history.steps,
    imagesSeen,
    bestEpoch: chosen,
    model,
    history,
    parameters,
    macs,
  };
  if (await writeJsonIfAbsent(store, keys.runRecord(runId), record)) return record;
  return yieldToWinner(store, record);
}

async function putByDigest(store: Store, keyOf: (digest: string) => string, body: Uint8Array): Promise<FileEntry> {
  const digest = sha256(body);
  const key = keyOf(digest);
  await store.put(key, body);
  return { key, bytes: body.length, sha256: digest };
}

/**
 * Another attempt was first: removes this attempt's files, except those that the winner's record also names (equal
 * bytes have equal keys).
 */
async function yieldToWinner(store: Store, own: RunRecord): Promise<RunRecord> {
  const winner = await readRunRecord(store, own.runId);
  if (winner === undefined) throw new Error(`${keys.runRecord(own.runId)} was there and is gone`);
  const kept = new Set([winner.model?.key, winner.history.key]);
  for (const file of [own.model, own.history]) if (file !== null && !kept.has(file.key)) await store.delete(file.key);
  return winner;
}
