import {
  type EvaluationConfig,
  type EvaluationRecord,
  evaluationId,
  keys,
  MemoryStore,
  PLAIN_EVALUATION,
  type Plan,
  type PlannedExperiment,
  type PlannedRun,
  type ReportSection,
  type StageEvent,
  writeJson,
} from '@bakeoff/core';
import { sampleEvaluationRecord, sampleRunRecord } from '@bakeoff/core/testing';
import { packBits } from '@bakeoff/statistics';

/** An experiment for tests: by seed, which images it classifies correctly; null if the run was never evaluated. */
export interface MadeUpExperiment {
  readonly id: string;
  /** Two experiments of one recipe share their runs. */
  readonly recipe?: string;
  readonly seeds: Readonly<Record<number, Uint8Array | null>>;
  readonly testSet?: string;
  /** Validation accuracy of its runs; without it, that of the test images. */
  readonly validation?: number;
  readonly macs?: number;
  readonly diverged?: boolean;
  /** Its test-time augmentation. */
  readonly evaluation?: EvaluationConfig;
  /** Its number, if it is a trial of the search `s`. */
  readonly trial?: number;
}

function runIdOf({ id, recipe }: MadeUpExperiment, seed: number | string): string {
  return `${recipe ?? id}-${seed}`;
}

/** Of two classes, one is always right, and F1 is half of the recall. */
function classesOf(accuracy: number, support: number): EvaluationRecord['test']['perClass'] {
  return [accuracy, 1].map((recall, i) => ({ name: `class ${i}`, support, precision: 0, recall, f1: recall / 2 }));
}

async function writeEvaluation(
  store: MemoryStore,
  experiment: MadeUpExperiment,
  runId: string,
  correct: Uint8Array,
): Promise<void> {
  const accuracy = correct.reduce((sum, right) => sum + right, 0) / correct.length;
  const id = evaluationId(runId, experiment.evaluation);
  const record = sampleEvaluationRecord({
    evaluationId: id,
    runId,
    // Of ten equal classes.
    test: {
      images: correct.length,
      accuracy,
      perClass: classesOf(accuracy, correct.length / 10),
    } as EvaluationRecord['test'],
    validation: {
      images: 100,
      accuracy: experiment.validation ?? accuracy,
      perClass: classesOf(experiment.validation ?? accuracy, 10),
    } as EvaluationRecord['validation'],
    correctness: Buffer.from(packBits(correct)).toString('base64'),
    testSetSha256: experiment.testSet ?? 'one test set',
    bestEpoch: 4,
  });
  await writeJson(store, keys.evaluationRecord(id), record);
  const status = experiment.diverged === true ? 'diverged' : 'finished';
  await writeJson(store, keys.runRecord(runId), sampleRunRecord({ runId, status }));
}

/** A plan and a store with its evaluations, with only the members that a comparison reads. */
export async function makeUpPlan(
  experiments: readonly MadeUpExperiment[],
  sections: readonly Partial<ReportSection>[] = [{}],
): Promise<{ plan: Plan; store: MemoryStore }> {
  const store = new MemoryStore();
  const runs = new Map<string, PlannedRun>();
  for (const experiment of experiments) {
    for (const [seed, correct] of Object.entries(experiment.seeds)) {
      const runId = runIdOf(experiment, seed);
      const shared = runs.get(runId)?.experiments ?? [];
      const { evaluation = PLAIN_EVALUATION } = experiment;
      const evaluations = [...(runs.get(runId)?.evaluations ?? []), evaluation];
      runs.set(runId, {
        runId,
        evaluations: evaluations.filter((each, i) => evaluations.indexOf(each) === i),
        seed: Number(seed),
        recipeId: experiment.recipe ?? experiment.id,
        datasetId: experiment.testSet ?? 'one',
        macs: experiment.macs ?? 1000,
        experiments: [...shared, experiment.id],
      } as unknown as PlannedRun);
      if (correct !== null) await writeEvaluation(store, experiment, runId, correct);
    }
  }
  const planned = experiments.map((experiment) => ({
    id: experiment.id,
    recipeId: experiment.recipe ?? experiment.id,
    datasetId: experiment.testSet ?? 'one',
    ...(experiment.evaluation === undefined ? {} : { evaluation: experiment.evaluation }),
    runIds: Object.keys(experiment.seeds).map((seed) => runIdOf(experiment, seed)),
    ...(experiment.trial === undefined ? {} : { trial: { search: 's', number: experiment.trial, values: {} } }),
  }));
  const datasets = [
    ...new Map(
      experiments.map(({ testSet = 'one', seeds }) => [
        testSet,
        { datasetId: testSet, config: { source: 'cifar10' }, images: { test: Object.values(seeds)[0]?.length ?? 0 } },
      ]),
    ).values(),
  ];
  const plan = {
    formatVersion: 1,
    datasets,
    planId: 'made-up',
    experiments: planned as unknown as PlannedExperiment[],
    runs: [...runs.values()],
    report: {
      title: '',
      text: '',
      sections: sections.map((section) => ({
        title: 'Section',
        text: '',
        experiments: experiments.map(({ id }) => id),
        charts: [],
        baseline: null,
        ...section,
      })),
    },
    warnings: ['the manifest selects on test'],
  } as unknown as Plan;
  return { plan, store };
}

/** A stage context over the store that collects what is logged. */
export function makeUpContext(store: MemoryStore): {
  store: MemoryStore;
  log: (event: StageEvent) => void;
  signal: AbortSignal;
  clock: { nowMs(): number; elapsedMs(): number };
  events: StageEvent[];
} {
  const events: StageEvent[] = [];
  return {
    store,
    log: (event) => events.push(event),
    signal: new AbortController().signal,
    clock: { nowMs: () => 0, elapsedMs: () => 0 },
    events,
  };
}
