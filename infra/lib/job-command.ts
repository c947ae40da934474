import { executionCommand, stageCommand } from '@bakeoff/core';
import type { JobName } from './stage-permissions.ts';

const parameters = { plan: 'Ref::planId', run: 'Ref::runId', source: 'Ref::source', store: 'Ref::store' };

/** The command of every job: what `bakeoff` runs locally, with Batch's parameter references in the ids' places. */
export function jobCommand(job: JobName): string[] {
  if (job === 'plan')
    return executionCommand({ executionId: parameters.plan, source: parameters.source, store: parameters.store });
  const runId = job === 'train' || job === 'evaluate' ? { runId: parameters.run } : {};
  return stageCommand(job, { planId: parameters.plan, store: parameters.store, ...runId });
}
