import { evaluateRun } from '@bakeoff/evaluator';
import type { Plan, PlannedRun, StageContext } from '@bakeoff/core';
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
  const evaluation = await evaluateRun(
    { run, record, index, attemptId: createAttemptId(context.clock), description: await describeEngine(engine) },
    { ...context, engine },
  );
  return {
    status: 'done',
    result: {
      runId: run.runId,
      evaluationId: evaluation?.evaluationId ?? null,
      testAccuracy: evaluation?.test.accuracy ?? null,
      diverged: record.status === 'diverged',
    },
  };
}
