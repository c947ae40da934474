import { plural } from '../progress/format.ts';
import { openExecution, UserError } from '@bakeoff/core';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { openStore } from '../plans/open-store.ts';
import { type StoreOptions, storeUrl } from '../plans/store-url.ts';

export interface OpenExecutionOptions extends StoreOptions {
  readonly execution: string;
  readonly source?: string;
}

/** `bakeoff plan --execution ID --source SOURCE`: the state machine's first job. */
export async function openExecutionCommand(
  { execution, source, ...options }: OpenExecutionOptions,
  { clock, output }: CommandContext,
): Promise<number> {
  if (source === undefined)
    throw new UserError({
      what: 'an execution needs a source',
      received: 'no --source',
      allowed: 'plans/<plan id> or schedules/<schedule id>/<ISO time>',
    });
  const { record, isNew } = await openExecution(
    { executionId: execution, source },
    { store: await openStore(storeUrl(options)), clock },
  );
  output.write(
    `execution ${record.executionId}: plan ${record.planId}, ${record.pendingRuns} of ${plural(record.runs, 'run')} to do${isNew ? '' : ' (opened before)'}\n`,
  );
  return ExitCode.done;
}
