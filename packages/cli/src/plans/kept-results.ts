import {
  computes,
  type EvaluationMeasurement,
  evaluationMeasurementSchema,
  mapConcurrently,
  type Plan,
  readRecords,
  resultKeys,
  type StageContext,
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

/** How a run's finished training or evaluation came about. */
interface Made {
  readonly stage: StageName;
  readonly engines: readonly string[];
  /** ISO time its last attempt began at. */
  readonly at: string;
}

/**
 * Where an engine is asked for by name: warns that finished runs of another one stay as they are, which and since when, and how to have them made anew.
 * Results are named by what determines them, and the engine does not; so nothing is wrong with them, but they are not what was asked for.
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
      ? 'a finished run of another engine stays as it is; --force makes it'
      : `${others.length} finished runs of other engines stay as they are; --force makes them`;
  log({ type: 'warning', text: [`--engine ${engine}: ${count} anew`, ...rows, ...rest].join('\n') });
}

function describeMade({ stage, engines, at }: Made): string {
  return `${stages[stage].results?.participle} by ${engines.join(' and ')}, ${at.slice(0, 16).replace('T', ' ')} UTC`;
}

/** How a work's results came about; nothing where they are not there, or their measurements are gone. */
async function readMade(store: Store, work: StageWork): Promise<Made[]> {
  const results = resultKeys(work);
  if (results === undefined || (await store.getRange(results.marker, 0, 1)) === undefined) return [];
  const schema = stages[work.stage].compute === 'training' ? trainingMeasurementSchema : evaluationMeasurementSchema;
  const attempts = await readRecords(store, results.measurements, schema);
  const ordered = attempts.filter(wentOn).toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const at = ordered.at(-1)?.startedAt;
  const engines = [...new Set(ordered.map(({ engine }) => engine.name))];
  return at === undefined ? [] : [{ stage: work.stage, engines, at }];
}

/** Attempts at a training that only found it finished, or went no step further, made nothing of it. */
function wentOn(attempt: TrainingMeasurement | EvaluationMeasurement): boolean {
  return !('firstStep' in attempt) || attempt.lastStep > attempt.firstStep;
}
