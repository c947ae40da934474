import { setTimeout as sleep } from 'node:timers/promises';
import {
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
import { ExitCode } from '@bakeoff/core/exit-code';
import { DEFAULT_STACK, type DeployedOptions, findPlace } from '../aws/find-place.ts';
import { findSubject } from '../plans/find-subject.ts';
import { readContents } from '../plans/store-contents.ts';
import { formatDuration, formatPercent, formatTime } from '../progress/format.ts';
import type { CommandContext } from './command-context.ts';
import { jobLog, WHOLE_STAGES } from './job-log.ts';

export interface LogsOptions extends DeployedOptions {
  readonly follow?: boolean;
}

const FOLLOW_INTERVAL_MS = 3000;

/**
 * `bakeoff logs RUN`: on AWS, the logs of a run's jobs; in a store, what its attempts have recorded: when and by what
 * they ran, epoch by epoch, and how they ended.
 */
export async function logsCommand(name: string, options: LogsOptions, context: CommandContext): Promise<number> {
  const isOfStore = options.store !== undefined || options.out !== undefined;
  if (!isOfStore && WHOLE_STAGES.includes(name))
    return jobLog(name, { ...options, stack: options.stack ?? DEFAULT_STACK }, context);
  const place = await findPlace(options);
  if ('stack' in place) return jobLog(name, { ...options, stack: place.stack }, context);
  const { store } = place;
  const { runs } = findSubject(name, await readContents(store));
  const printer = new Printer(context);
  for (;;) {
    const states = await Promise.all(runs.map((run) => readRun(store, run)));
    printer.print(states.flatMap(runLines));
    if (options.follow !== true || states.every(({ record }) => record !== undefined)) return ExitCode.done;
    await sleep(FOLLOW_INTERVAL_MS, undefined, { signal: context.signal });
  }
}

/** A line of one attempt. What it says is printed once, even if more is known of it later. */
interface Line {
  readonly attempt: string;
  readonly says: string;
  readonly text: string;
}

/** Prints lines that are new, below the name of their attempt. */
class Printer {
  private readonly printed = new Set<string>();
  private attempt: string | undefined;

  constructor(private readonly context: CommandContext) {}

  print(lines: readonly Line[]): void {
    const { output, style } = this.context;
    for (const { attempt, says, text } of lines) {
      const key = `${attempt} ${says}`;
      if (this.printed.has(key)) continue;
      this.printed.add(key);
      if (attempt !== this.attempt) output.write(`${style.bold(attempt)}\n`);
      this.attempt = attempt;
      output.write(`  ${text}\n`);
    }
  }
}

interface RecordedRun {
  readonly run: PlannedRun;
  readonly record: RunRecord | undefined;
  /** The oldest first. */
  readonly attempts: readonly TrainingMeasurement[];
  readonly evaluations: readonly EvaluationMeasurement[];
}

async function readRun(store: Store, run: PlannedRun): Promise<RecordedRun> {
  const [record, attempts, ...evaluations] = await Promise.all([
    readJson(store, keys.runRecord(run.runId), runRecordSchema),
    readAttempts(store, run.runId),
    ...evaluationIds(run).map((id) => readRecords(store, keys.evaluationMeasurements(id), evaluationMeasurementSchema)),
  ]);
  return {
    run,
    record,
    attempts,
    evaluations: evaluations.flat(),
  };
}

function runLines({ run, record, attempts, evaluations }: RecordedRun): Line[] {
  const name = `${run.experiments[0] ?? run.runId}, seed ${run.seed}`;
  if (attempts.length === 0 && record === undefined)
    return [{ attempt: name, says: 'nothing', text: 'nothing is recorded yet' }];
  return [
    ...attempts.flatMap((attempt, i) => attemptLines(`${name}, attempt ${i + 1} at training`, attempt, record)),
    ...evaluations.map(({ attemptId, startedAt, engine, wallSeconds }, i) => ({
      attempt: `${name}, attempt ${i + 1} at evaluation`,
      says: attemptId,
      text: `${formatTime(startedAt)} UTC · ${engine.name} · done after ${formatDuration(wallSeconds * 1000)}`,
    })),
  ];
}

function attemptLines(
  attempt: string,
  { startedAt, engine, firstStep, lastStep, outcome, wallSeconds, epochs }: TrainingMeasurement,
  record: RunRecord | undefined,
): Line[] {
  const { processor, gpu } = engine.hardware;
  const figures = new Map(record?.epochs.map((row) => [row.epoch, row]));
  const began = `${formatTime(startedAt)} UTC · ${engine.name} (${engine.build}) on ${gpu ?? processor}`;
  const ended = `${outcome} at step ${lastStep} after ${formatDuration(wallSeconds * 1000)}`;
  return [
    { attempt, says: 'began', text: `${began}, from step ${firstStep}` },
    ...epochs.map(({ epoch, wallSeconds: seconds, imagesPerSecond }) => {
      const row = figures.get(epoch);
      const scores =
        row === undefined
          ? ''
          : ` · loss ${row.trainLoss.toFixed(3)} · validation ${row.validationLoss.toFixed(3)}, ${formatPercent(row.validationAccuracy)}`;
      const text = `epoch ${epoch} · ${formatDuration(seconds * 1000)} · ${imagesPerSecond.toFixed(0)} images/s${scores}`;
      return { attempt, says: `epoch ${epoch}`, text };
    }),
    ...(outcome === 'running' ? [] : [{ attempt, says: 'ended', text: ended }]),
  ];
}
