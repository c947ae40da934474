import {
  computes,
  type EvaluationMeasurement,
  evaluationMeasurementSchema,
  mapConcurrently,
  type Plan,
  readRecords,
  resultKeys,
  type StageContext,
  type StageKeys,
  type StageName,
  stages,
  stageWork,
  type StageWork,
  type Store,
  type TrainingMeasurement,
  trainingMeasurementSchema,
} from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';

const READS_AT_ONCE = 32;
const ROWS_SHOWN = 8;

/** How a run's finished training or evaluation was computed. */
interface Made {
  readonly stage: StageName;
  readonly engines: readonly string[];
  /** ISO time at which its last attempt began. */
  readonly at: string;
}

/**
 * If an engine was requested by name, warns that finished runs of other engines are kept, names them with their times,
 * and says how to redo them. Ids do not depend on the engine, so these results are valid, but they may not be what the
 * user wants.
 */
export async function warnOfOtherEngines(
  plan: Pick<Plan, 'planId' | 'datasets' | 'runs'>,
  engine: EngineName | 'auto',
  kept: readonly StageName[],
  { store, log }: Pick<StageContext, 'store' | 'log'>,
): Promise<void> {
  if (engine === 'auto') return;
  const computing = kept.filter(computes);
  const found = await mapConcurrently(plan.runs, READS_AT_ONCE, async (run) => {
    const works = computing.flatMap((stage) => stageWork(stage, { ...plan, runs: [run] }));
    return { run, made: (await Promise.all(works.map((work) => readMade(store, work)))).flat() };
  });
  const others = found
    .map(({ run, made }) => ({ run, made: made.filter(({ engines }) => engines.some((name) => name !== engine)) }))
    .filter(({ made }) => made.length > 0);
  if (others.length === 0) return;
  const rows = others
    .slice(0, ROWS_SHOWN)
    .map(
      ({ run, made }) =>
        `    ${run.experiments[0] ?? run.runId}, seed ${run.seed}: ${made.map(describeMade).join('; ')}`,
    );
  const rest = others.length > ROWS_SHOWN ? [`    … and ${others.length - ROWS_SHOWN} more`] : [];
  const count =
    others.length === 1
      ? 'a finished run of another engine is kept; to redo it, add --force'
      : `${others.length} finished runs of other engines are kept; to redo them, add --force`;
  log({ type: 'warning', text: [`--engine ${engine}: ${count}`, ...rows, ...rest].join('\n') });
}

function describeMade({ stage, engines, at }: Made): string {
  return `${stages[stage].results?.participle} by ${engines.join(' and ')}, ${at.slice(0, 16).replace('T', ' ')} UTC`;
}

/** How results were computed; nothing if they do not exist, or their measurements are gone. */
async function readMade(store: Store, work: StageWork): Promise<Made[]> {
  return (await Promise.all(resultKeys(work).map((results) => readMadeOf(store, work, results)))).flat();
}

async function readMadeOf(store: Store, work: StageWork, { marker, measurements }: StageKeys): Promise<Made[]> {
  if ((await store.getRange(marker, 0, 1)) === undefined) return [];
  const schema = stages[work.stage].compute === 'training' ? trainingMeasurementSchema : evaluationMeasurementSchema;
  const attempts = await readRecords(store, measurements, schema);
  const ordered = attempts.filter(wentOn).toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const at = ordered.at(-1)?.startedAt;
  const engines = [...new Set(ordered.map(({ engine }) => engine.name))];
  return at === undefined ? [] : [{ stage: work.stage, engines, at }];
}

/** Attempts that found the training finished, or advanced it by no step, are not counted. */
function wentOn(attempt: TrainingMeasurement | EvaluationMeasurement): boolean {
  return !('firstStep' in attempt) || attempt.lastStep > attempt.firstStep;
}
