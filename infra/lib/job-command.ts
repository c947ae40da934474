import { executionCommand, type JobName, stageCommand } from '@bakeoff/core';

const parameters = { plan: 'Ref::planId', run: 'Ref::runId', source: 'Ref::source', store: 'Ref::store' };

/** The command of every job: the local `bakeoff` command with Batch's parameter references instead of ids. */
export function jobCommand(job: JobName): string[] {
  if (job === 'plan')
    return executionCommand({ executionId: parameters.plan, source: parameters.source, store: parameters.store });
  return stageCommand(job, { planId: parameters.plan, runId: parameters.run, store: parameters.store });
}
