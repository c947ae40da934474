import {
  decodeSafetensors,
  evaluationIds,
  keys,
  type PlannedRun,
  readAttempts,
  readJson,
  runRecordSchema,
  type Store,
  type TrainingMeasurement,
  writeJson,
} from '@bakeoff/core';
import { encodeCheckpoint } from '../checkpoint.ts';

export interface Rewound {
  /** Finished epochs that are kept; 0: the attempt has begun, and has no checkpoint yet. */
  readonly epochs: number;
  readonly outcome: TrainingMeasurement['outcome'];
  /** When the attempt began, in milliseconds since the epoch, and the seconds until it last wrote. */
  readonly startMs: number;
  readonly wallSeconds: number;
}

/** Turns a finished run of a store into one that is under way: what a training has written after some epochs. */
export async function rewindRun(store: Store, run: PlannedRun, kept: Rewound): Promise<void> {
  const { runId } = run;
  const record = (await readJson(store, keys.runRecord(runId), runRecordSchema))!;
  const { tensors } = decodeSafetensors((await store.get(record.history.key))!);
  const [measurement] = await readAttempts(store, runId);
  const epochs = record.epochs.slice(0, kept.epochs);
  const step = epochs.at(-1)?.step ?? 0;
  const measured: TrainingMeasurement = {
    ...measurement!,
    startedAt: new Date(kept.startMs).toISOString(),
    outcome: kept.outcome,
    firstStep: 0,
    lastStep: step,
    wallSeconds: kept.wallSeconds,
    epochs: epochs.map(({ epoch }) => ({ epoch, wallSeconds: kept.wallSeconds / kept.epochs, imagesPerSecond: 100 })),
  };
  await writeJson(store, keys.runMeasurement(runId, measurement!.attemptId), measured);
  for (const id of evaluationIds(run)) await store.delete(keys.evaluationRecord(id));
  await store.delete(keys.runRecord(runId));
  if (step === 0) return;
  const history = Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [name, { shape: [step], data: data.slice(0, step) }]),
  );
  const checkpoint = encodeCheckpoint({
    runId,
    step,
    epochs,
    sums: { images: 0, loss: 0, correct: 0 },
    network: {},
    optimizer: {},
    average: {},
    best: {},
    history,
  });
  await store.put(keys.checkpoint(runId, measurement!.attemptId, step), checkpoint);
}
