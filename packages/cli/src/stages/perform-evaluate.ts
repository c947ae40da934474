import { evaluateRun } from '@bakeoff/evaluator';
import { type EvaluationRecord, evaluationsOf, type Plan, type PlannedRun, type StageContext } from '@bakeoff/core';
import { createAttemptId } from '../process/attempt-id.ts';
import { describeEngine } from '../machine/engine-description.ts';
import { openEngine } from '../machine/open-engine.ts';
import type { StageOptions, StageResult } from './perform-stage.ts';
import { requireIndex, requireRun } from './required-records.ts';

export async function performEvaluate(
  { run }: { run: PlannedRun },
  plan: Plan,
  options: StageOptions,
  context: StageContext,
): Promise<StageResult> {
  const record = await requireRun(context.store, plan, run.runId);
  const index = await requireIndex(context.store, plan, run.datasetId);
  const engine = await openEngine(options.engine, context.log);
  const description = await describeEngine(engine);
  const records: (EvaluationRecord | null)[] = [];
  for (const evaluation of evaluationsOf(run)) {
    const attemptId = createAttemptId(context.clock);
    records.push(await evaluateRun({ run, evaluation, record, index, attemptId, description }, { ...context, engine }));
  }
  // What a message says of a run is its first evaluation.
  const [evaluation = null] = records;
  // The test result of a trial is reported only if the search chooses it.
  const isTrial = plan.experiments.every(({ id, trial }) => trial !== undefined || !run.experiments.includes(id));
  return {
    status: 'done',
    result: {
      runId: run.runId,
      evaluationId: evaluation?.evaluationId ?? null,
      testAccuracy: (isTrial ? undefined : evaluation?.test.accuracy) ?? null,
      ...(isTrial ? { validationAccuracy: evaluation?.validation.accuracy ?? null } : {}),
      diverged: record.status === 'diverged',
    },
  };
}
