import {
  encodeRecord,
  keys,
  manifestJsonSchema,
  MemoryStore,
  parseManifest,
  PLAIN_EVALUATION,
  planManifest,
} from '@bakeoff/core';
import type { EngineDescription, EvaluationRecord, Plan, RunRecord, StageContext } from '@bakeoff/core';
import { fingerprintSource, prepareDataset } from '@bakeoff/data-prep';
import { loadEngine } from '@bakeoff/engine';
import { evaluateRun } from '@bakeoff/evaluator';
import { comparePlan } from '@bakeoff/evaluator/compare';
import { describeModel, type ModelDescription, modelName } from '@bakeoff/model/architectures';
import { buildReport } from '@bakeoff/report';
import { trainRun } from '@bakeoff/trainer';
import { vocabulary } from '../../packages/cli/src/plans/vocabulary.ts';

export interface Results {
  /** The manifest's JSON Schema, as text. */
  readonly schema: string;
  readonly plan: Plan;
  /** By run, as those below. */
  readonly models: readonly ModelDescription[];
  readonly runs: readonly RunRecord[];
  readonly evaluations: readonly EvaluationRecord[];
  /** The report's page. */
  readonly page: string;
}

/** Everything that `bakeoff run` does with a manifest, in this process, in memory. */
export async function runManifest(text: string): Promise<Results> {
  const { sources } = vocabulary;
  let elapsedMs = 0;
  const context: StageContext = {
    store: new MemoryStore(),
    log: () => undefined,
    signal: new AbortController().signal,
    clock: { nowMs: () => 0, elapsedMs: () => (elapsedMs += 1000) },
  };
  const options = { cacheFolder: '/nonexistent' };
  const plan = await planManifest(parseManifest(text, { fileName: 'stripes.yaml', vocabulary }), {
    sources,
    fingerprint: (config) => fingerprintSource(config, options, context),
    describeModel,
  });
  const [dataset] = plan.datasets;
  if (dataset === undefined) throw new Error('the manifest has no dataset');
  const index = await prepareDataset(dataset, options, context);

  const engine = await loadEngine('wasm');
  const description: EngineDescription = {
    name: engine.name,
    build: engine.build,
    versions: engine.versions,
    hardware: { processor: 'made up', cores: 1, memoryMib: 1024 },
    bakeoffVersion: '0.0.0',
    codeRevision: 'unknown',
  };
  const input = { imageShape: index.imageShape, classes: index.classes.length };
  const models = plan.runs.map(({ recipe }) => describeModel(recipe.model, input));
  const runs: RunRecord[] = [];
  const evaluations: EvaluationRecord[] = [];
  for (const run of plan.runs) {
    const attempt = { run, index, attemptId: 'attempt', description };
    const outcome = await trainRun(attempt, { ...context, engine });
    if (outcome.status === 'interrupted') throw new Error('nobody interrupts');
    runs.push(outcome.record);
    const evaluation = await evaluateRun(
      { ...attempt, evaluation: PLAIN_EVALUATION, record: outcome.record },
      { ...context, engine },
    );
    if (evaluation !== null) evaluations.push(evaluation);
  }
  await comparePlan({ plan, sources }, context);
  await context.store.put(keys.plan(plan.planId), encodeRecord(plan));
  const { pageKey } = await buildReport({ plan, sources, modelName }, context);
  const page = new TextDecoder().decode(await context.store.get(pageKey));
  return { schema: JSON.stringify(manifestJsonSchema(vocabulary)), plan, models, runs, evaluations, page };
}
