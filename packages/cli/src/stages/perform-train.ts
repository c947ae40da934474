import type { Plan, PlannedRun, StageContext } from '@bakeoff/core';
import { trainRun } from '@bakeoff/trainer';
import { engineForTraining, engines } from '@bakeoff/engine/engines';
import { createAttemptId } from '../process/attempt-id.ts';
import { withTrainingHost } from '../machine/with-training-host.ts';
import { describeEngine } from '../machine/engine-description.ts';
import { GpuMeter } from '../machine/gpu-meter.ts';
import { openEngine } from '../machine/open-engine.ts';
import type { StageOptions, StageResult } from './perform-stage.ts';
import { requireIndex } from './required-records.ts';

export async function performTrain(
  { run }: { run: PlannedRun },
  plan: Plan,
  options: StageOptions,
  context: StageContext,
): Promise<StageResult> {
  const index = await requireIndex(context.store, plan, run.datasetId);
  const engine = await openEngine(engineForTraining(options.engine, run.recipe.replicas), context.log);
  const description = await describeEngine(engine);
  const gpu = engines[engine.name].usesGpu ? new GpuMeter() : undefined;
  const outcome = await withTrainingHost(context, ({ host, signal }) =>
    trainRun(
      { run, index, attemptId: createAttemptId(context.clock), description, host, gpuUse: () => gpu?.use() },
      { ...context, signal, engine },
    ),
  ).finally(() => gpu?.stop());
  if (outcome.status === 'interrupted')
    return { status: 'interrupted', result: { runId: run.runId, step: outcome.step } };
  const { bestEpoch, stopReason, epochs } = outcome.record;
  return {
    status: outcome.status === 'diverged' ? 'diverged' : 'done',
    result: { runId: run.runId, bestEpoch, epochs: epochs.length, stopReason },
  };
}
