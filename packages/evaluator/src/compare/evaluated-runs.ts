import {
  type EvaluationRecord,
  keys,
  type Plan,
  plannedEvaluations,
  readJson,
  type Store,
  evaluationRecordSchema,
  runRecordSchema,
} from '@bakeoff/core';
import { balancedAccuracyOf, macroF1Of } from '@bakeoff/statistics/metrics';

/** The scores that a recipe's summary has as means. */
export interface RunScores {
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly macroF1: number;
}

/** Evaluations from before these metrics have the scores by class, from which they follow. */
function scoresOf({ accuracy, perClass }: EvaluationRecord['test']): RunScores {
  return { accuracy, balancedAccuracy: balancedAccuracyOf(perClass), macroF1: macroF1Of(perClass) };
}

/** What comparisons need from one evaluated run. */
export interface EvaluatedRun {
  /** With its evaluation's test-time augmentation, if there is any (`evaluationKey`). */
  readonly runId: string;
  readonly seed: number;
  readonly accuracy: number;
  readonly images: number;
  /** One bit per image, 1 = correct. */
  readonly correctness: Uint8Array;
  readonly testSetSha256: string;
  readonly validationAccuracy: number;
  /** By split. */
  readonly scores: { readonly test: RunScores; readonly validation: RunScores };
  /** Share of the test images in the largest class: the accuracy of always guessing it. */
  readonly chance: number;
  /** The epoch whose weights were evaluated. */
  readonly bestEpoch: number;
  readonly diverged: boolean;
}

/** Objects read at a time. This hides an object store's latency without holding many records in memory. */
const READS_AT_ONCE = 16;

async function mapInBatches<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += READS_AT_ONCE) {
    signal.throwIfAborted();
    results.push(...(await Promise.all(items.slice(from, from + READS_AT_ONCE).map(map))));
  }
  return results;
}

/** The plan's evaluations by run id, or `evaluationKey`; null: it does not exist. */
export async function findEvaluations(
  plan: Plan,
  store: Store,
  signal: AbortSignal,
): Promise<Record<string, string | null>> {
  const entries = await mapInBatches(plannedEvaluations(plan), signal, async ({ key, evaluationId }) => {
    const found = await store.getRange(keys.evaluationRecord(evaluationId), 0, 1);
    return [key, found === undefined ? null : evaluationId] as const;
  });
  return Object.fromEntries(entries);
}

/** Reads the evaluations of `findEvaluations`, by run id. */
export async function readEvaluatedRuns(
  plan: Plan,
  evaluations: Readonly<Record<string, string | null>>,
  store: Store,
  signal: AbortSignal,
): Promise<Map<string, EvaluatedRun>> {
  const found = plannedEvaluations(plan).filter(({ key }) => evaluations[key] !== null);
  const runs = await mapInBatches(found, signal, async ({ key, run: planned, evaluationId }): Promise<EvaluatedRun> => {
    const [evaluation, run] = await Promise.all([
      readJson(store, keys.evaluationRecord(evaluationId), evaluationRecordSchema),
      readJson(store, keys.runRecord(planned.runId), runRecordSchema),
    ]);
    if (evaluation === undefined) throw new Error(`evaluation of run ${key} vanished while it was compared`);
    const { test, validation, correctness, testSetSha256, bestEpoch } = evaluation;
    return {
      runId: key,
      seed: planned.seed,
      accuracy: test.accuracy,
      images: test.images,
      correctness: Buffer.from(correctness, 'base64'),
      testSetSha256,
      validationAccuracy: validation.accuracy,
      scores: { test: scoresOf(test), validation: scoresOf(validation) },
      chance: Math.max(...test.perClass.map(({ support }) => support)) / test.images,
      bestEpoch,
      diverged: run?.status === 'diverged',
    };
  });
  return new Map(runs.map((run) => [run.runId, run]));
}
