import {
  type EpochRow,
  evaluationIds,
  type EvaluationMeasurement,
  evaluationMeasurementSchema,
  keys,
  type PlannedRun,
  readAttempts,
  readJson,
  readRecords,
  type RunRecord,
  runRecordSchema,
  type Store,
  type TrainingMeasurement,
} from '@bakeoff/core';
import { readProgress } from '@bakeoff/trainer/progress';
import { formatDuration, formatPercent, formatTime } from '../progress/format.ts';

/** A line of one attempt. What it says is printed once, even if more is known of it later. */
export interface LogLine {
  readonly attempt: string;
  readonly says: string;
  readonly text: string;
}

/** What a store has recorded of a run. */
export interface RecordedRun {
  readonly run: PlannedRun;
  readonly record: RunRecord | undefined;
  /** Figures of the epochs so far, of all attempts. */
  readonly epochs: readonly EpochRow[];
  /** The oldest first. */
  readonly attempts: readonly TrainingMeasurement[];
  readonly evaluations: readonly EvaluationMeasurement[];
}

export async function readRecordedRun(store: Store, run: PlannedRun): Promise<RecordedRun> {
  const [record, attempts, ...evaluations] = await Promise.all([
    readJson(store, keys.runRecord(run.runId), runRecordSchema),
    readAttempts(store, run.runId),
    ...evaluationIds(run).map((id) => readRecords(store, keys.evaluationMeasurements(id), evaluationMeasurementSchema)),
  ]);
  const epochs = record?.epochs ?? (await readProgress(store, run.runId))?.epochs ?? [];
  return { run, record, epochs, attempts, evaluations: evaluations.flat() };
}

/** When and by what the attempts at a run ran, epoch by epoch, what they warned of, and how they ended. */
export function runLogLines({ run, record, epochs, attempts, evaluations }: RecordedRun): LogLine[] {
  const name = `${run.experiments[0] ?? run.runId}, seed ${run.seed}`;
  if (attempts.length === 0 && record === undefined)
    return [{ attempt: name, says: 'nothing', text: 'nothing is recorded yet' }];
  const figures = new Map(epochs.map((row) => [row.epoch, row]));
  return [
    ...attempts.flatMap((attempt, i) => {
      const isOver = record !== undefined || i < attempts.length - 1;
      return attemptLines(`${name}, attempt ${i + 1} at training`, attempt, figures, isOver);
    }),
    ...evaluations.map(({ attemptId, startedAt, engine, wallSeconds }, i) => ({
      attempt: `${name}, attempt ${i + 1} at evaluation`,
      says: attemptId,
      text: `${formatTime(startedAt)} UTC · ${engine.name} · done after ${formatDuration(wallSeconds * 1000)}`,
    })),
  ];
}

function attemptLines(
  attempt: string,
  { startedAt, engine, firstStep, epochs, warnings = [], ...measured }: TrainingMeasurement,
  figures: ReadonlyMap<number, EpochRow>,
  isOver: boolean,
): LogLine[] {
  const { processor, gpu } = engine.hardware;
  const began = `${formatTime(startedAt)} UTC · ${engine.name} (${engine.build}) on ${gpu ?? processor}`;
  return [
    { attempt, says: 'began', text: `${began}, from step ${firstStep}` },
    ...warnings.map((text) => ({ attempt, says: text, text: `⚠ ${text}` })),
    ...epochs.map(({ epoch, wallSeconds: seconds, imagesPerSecond }) => {
      const text = `epoch ${epoch} · ${formatDuration(seconds * 1000)} · ${imagesPerSecond.toFixed(0)} images/s`;
      return { attempt, says: `epoch ${epoch}`, text: `${text}${scoresText(figures.get(epoch))}` };
    }),
    ...endLines(measured, isOver).map((text) => ({ attempt, says: 'ended', text })),
  ];
}

function scoresText(row: EpochRow | undefined): string {
  if (row === undefined) return '';
  const { trainLoss, trainAccuracy, validationLoss, validationAccuracy } = row;
  return ` · loss ${trainLoss.toFixed(3)}, ${formatPercent(trainAccuracy)} · validation ${validationLoss.toFixed(3)}, ${formatPercent(validationAccuracy)}`;
}

function endLines(
  {
    outcome,
    lastStep,
    wallSeconds,
    failure,
  }: Pick<TrainingMeasurement, 'outcome' | 'lastStep' | 'wallSeconds' | 'failure'>,
  isOver: boolean,
): string[] {
  if (outcome === 'running')
    return isOver
      ? [`ended without a word after step ${lastStep}: its process was killed, or its machine stopped`]
      : [];
  const ended = `${outcome} at step ${lastStep} after ${formatDuration(wallSeconds * 1000)}`;
  return [failure === undefined ? ended : `${ended}\n${failure.replace(/^/gm, '    ')}`];
}
