import { plural } from '../progress/format.ts';
import { executionOf, findPendingRuns, findPlan, UserError } from '@bakeoff/core';
import { findDeployment } from '../aws/deployment.ts';
import { requireReady } from '../aws/require-ready.ts';
import { createExecutionId, Executions } from '../aws/executions.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { rememberStore } from '../plans/known-stores.ts';
import { openStore } from '../plans/open-store.ts';
import type { AwsOptions } from './aws-options.ts';

/** `bakeoff retry [ID]`: a new execution of the same plan, which runs only what is unfinished. */
export async function retryCommand(
  id: string | undefined,
  { stack }: AwsOptions,
  { output, style, clock }: CommandContext,
): Promise<number> {
  const deployment = await findDeployment(stack);
  const executions = new Executions(deployment);
  const execution = await executions.find(id);
  const { executionId } = execution;
  if (execution.status === 'RUNNING')
    throw new UserError({
      what: `execution ${executionId} is running`,
      received: executionId,
      fix: `wait until it ends, or stop it: bakeoff cancel ${executionId}`,
    });
  await requireReady(deployment);
  const store = await openStore(deployment.storeUrl);
  const record = await executionOf(store, executionId);
  const source = record === undefined ? execution.source : `plans/${record.planId}`;
  if (source === undefined)
    throw new UserError({
      what: `execution ${executionId} was not started by Bakeoff`,
      received: 'no source in its input',
      fix: 'submit the manifest: bakeoff submit MANIFEST',
    });
  const plan = await findPlan(store, executionId);
  const pending = plan && (await findPendingRuns(store, plan.runs)).length;
  const retried = createExecutionId(record?.name ?? plan?.name ?? executionId.split('-')[0] ?? 'retry', clock);
  await executions.start(retried, source, execution.compute);
  await rememberStore(deployment.storeUrl);
  output.write(
    `started ${style.bold(retried)}${plan === undefined ? '' : `: ${pending} of ${plural(plan.runs.length, 'run')} to do`}\n`,
  );
  return ExitCode.done;
}
