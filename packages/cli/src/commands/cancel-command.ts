import { UserError } from '@bakeoff/core';
import { findDeployment } from '../aws/deployment.ts';
import { Executions } from '../aws/executions.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import type { AwsOptions } from './aws-options.ts';

/** `bakeoff cancel [ID]`: Step Functions ends the execution's jobs; trainings write a checkpoint first. */
export async function cancelCommand(
  id: string | undefined,
  { stack }: AwsOptions,
  { output }: CommandContext,
): Promise<number> {
  const executions = new Executions(await findDeployment(stack));
  const { executionId, status } = await executions.find(id);
  if (status !== 'RUNNING')
    throw new UserError({
      what: `execution ${executionId} is not running`,
      received: status.toLowerCase(),
      fix: 'see what is running: bakeoff status',
    });
  await executions.stop(executionId);
  output.write(
    `stopped ${executionId}; finished results and checkpoints are kept; to resume: bakeoff retry ${executionId}\n`,
  );
  return ExitCode.done;
}
