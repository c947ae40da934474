import { evaluationId, type EvaluationMeasurement, keys, mapConcurrently, type Plan, type PlannedRun, readJson, type RunRecord, type StageContext, type Store, type TrainingMeasurement } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/model/engine';

const READS_AT_ONCE = 32;
const ROWS_SHOWN = 8;

/** A finished result of a run, and the engines that made it. */
interface Kept {
  readonly run: PlannedRun;
  readonly done: 'trained' | 'evaluated';
  readonly engines: readonly string[];
  /** ISO time its last attempt began at. */
  readonly at: string;
}

/**
 * Where an engine is asked for by name: warns that finished results of another one stay as they are, which and since when, and how to have them made anew.
 * Results are named by what determines them, and the engine does not; so nothing is wrong with them, but they are not what was asked for.
 */
export async function warnOfOtherEngines(plan: Pick<Plan, 'runs'>, engine: EngineName | 'auto', stages: readonly Kept['done'][], { store, log }: Pick<StageContext, 'store' | 'log'>): Promise<void> {
  if (engine === 'auto') return;
  const kept = (await mapConcurrently(plan.runs, READS_AT_ONCE, async (run) => Promise.all(stages.map((stage) => readers[stage](store, run))))).flat(2).filter(({ engines }) => engines.some((name) => name !== engine));
  if (kept.length === 0) return;
  const rows = kept.slice(0, ROWS_SHOWN).map(({ run, done, engines, at }) => `    ${run.experiments[0] ?? run.runId}, seed ${run.seed}: ${done} by ${engines.join(' and ')}, ${at.slice(0, 16).replace('T', ' ')} UTC`);
  const rest = kept.length > ROWS_SHOWN ? [`    … and ${kept.length - ROWS_SHOWN} more`] : [];
  const count = kept.length === 1 ? 'one finished result of another engine stays as it is; --force makes it' : `${kept.length} finished results of other engines stay as they are; --force makes them`;
  log({ type: 'warning', text: [`--engine ${engine}: ${count} anew`, ...rows, ...rest].join('\n') });
}

const readers: Readonly<Record<Kept['done'], (store: Store, run: PlannedRun) => Promise<Kept[]>>> = {
  trained: async (store, run) => {
    if ((await readJson<RunRecord>(store, keys.runRecord(run.runId))) === undefined) return [];
    // Attempts that only found it finished, or went no step further, made nothing of it.
    const attempts = (await readAll<TrainingMeasurement>(store, keys.runMeasurements(run.runId))).filter(({ firstStep, lastStep }) => lastStep > firstStep);
    return describeKept(run, 'trained', attempts);
  },
  evaluated: async (store, run) => {
    const id = evaluationId(run.runId);
    if ((await store.getRange(keys.evaluationRecord(id), 0, 1)) === undefined) return [];
    return describeKept(run, 'evaluated', await readAll<EvaluationMeasurement>(store, keys.evaluationMeasurements(id)));
  },
};

/** Nothing is known of results whose measurements are gone. */
function describeKept(run: PlannedRun, done: Kept['done'], attempts: readonly Pick<TrainingMeasurement, 'engine' | 'startedAt'>[]): Kept[] {
  const ordered = attempts.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const at = ordered.at(-1)?.startedAt;
  return at === undefined ? [] : [{ run, done, engines: [...new Set(ordered.map(({ engine }) => engine.name))], at }];
}

async function readAll<T extends { readonly formatVersion: 1 }>(store: Store, prefix: string): Promise<T[]> {
  const found: T[] = [];
  for await (const { key } of store.list(prefix)) {
    const record = await readJson<T>(store, key);
    if (record !== undefined) found.push(record);
  }
  return found;
}
