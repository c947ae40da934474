import {
  evaluationId,
  type EvaluationMeasurement,
  keys,
  mapConcurrently,
  type Plan,
  readJson,
  readRecords,
  type RunRecord,
  type StageContext,
  type Store,
  type TrainingMeasurement,
} from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';

const READS_AT_ONCE = 32;
const ROWS_SHOWN = 8;

/** How a run's finished training or evaluation came about. */
interface Made {
  readonly done: 'trained' | 'evaluated';
  readonly engines: readonly string[];
  /** ISO time its last attempt began at. */
  readonly at: string;
}

/**
 * Where an engine is asked for by name: warns that finished runs of another one stay as they are, which and since when, and how to have them made anew.
 * Results are named by what determines them, and the engine does not; so nothing is wrong with them, but they are not what was asked for.
 */
export async function warnOfOtherEngines(
  plan: Pick<Plan, 'runs'>,
  engine: EngineName | 'auto',
  stages: readonly Made['done'][],
  { store, log }: Pick<StageContext, 'store' | 'log'>,
): Promise<void> {
  if (engine === 'auto') return;
  const found = await mapConcurrently(plan.runs, READS_AT_ONCE, async (run) => ({
    run,
    made: (await Promise.all(stages.map((stage) => readers[stage](store, run.runId)))).flat(),
  }));
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

function describeMade({ done, engines, at }: Made): string {
  return `${done} by ${engines.join(' and ')}, ${at.slice(0, 16).replace('T', ' ')} UTC`;
}

const readers: Readonly<Record<Made['done'], (store: Store, runId: string) => Promise<Made[]>>> = {
  trained: async (store, runId) => {
    if ((await readJson<RunRecord>(store, keys.runRecord(runId))) === undefined) return [];
    // Attempts that only found it finished, or went no step further, made nothing of it.
    const attempts = (await readRecords<TrainingMeasurement>(store, keys.runMeasurements(runId))).filter(
      ({ firstStep, lastStep }) => lastStep > firstStep,
    );
    return madeBy('trained', attempts);
  },
  evaluated: async (store, runId) => {
    const id = evaluationId(runId);
    if ((await store.getRange(keys.evaluationRecord(id), 0, 1)) === undefined) return [];
    return madeBy('evaluated', await readRecords<EvaluationMeasurement>(store, keys.evaluationMeasurements(id)));
  },
};

/** Nothing is known of results whose measurements are gone. */
function madeBy(done: Made['done'], attempts: readonly Pick<TrainingMeasurement, 'engine' | 'startedAt'>[]): Made[] {
  const ordered = attempts.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const at = ordered.at(-1)?.startedAt;
  return at === undefined ? [] : [{ done, engines: [...new Set(ordered.map(({ engine }) => engine.name))], at }];
}
