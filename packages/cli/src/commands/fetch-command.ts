import { UserError } from '@bakeoff/core';
import { copyResults } from '../aws/copy-results.ts';
import { findDeployment } from '../aws/deployment.ts';
import { Executions } from '../aws/executions.ts';
import type { CommandContext } from './command-context.ts';
import { objectUrl } from '../plans/display-url.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { readPlan } from '../plans/load-plan.ts';
import { rememberStore } from '../plans/known-stores.ts';
import { openStore } from '../plans/open-store.ts';
import { formatBytes, plural } from '../progress/format.ts';
import { obeysEscapes } from '../progress/style.ts';
import type { AwsOptions } from './aws-options.ts';

interface FetchOptions extends AwsOptions {
  readonly to: string;
}

/**
 * `bakeoff fetch [ID]`: copies the report, the results it is built from and the causes of failed runs to a folder,
 * which is a store like any other.
 */
export async function fetchCommand(
  id: string | undefined,
  { stack, to }: FetchOptions,
  { output, messages }: CommandContext,
): Promise<number> {
  const deployment = await findDeployment(stack);
  const { executionId, status } = await new Executions(deployment).find(id);
  const from = await openStore(deployment.storeUrl);
  const plan = await readPlan(from, executionId).catch((error: unknown) => {
    throw error instanceof UserError
      ? new UserError(
          {
            what: `execution ${executionId} has no plan yet`,
            received: status.toLowerCase(),
            fix: `see why: bakeoff status ${executionId}`,
          },
          { cause: error },
        )
      : error;
  });
  const folder = await openStore(to);
  const total = plan.runs.length;
  const copied = await copyResults(from, folder, { plan, executionId }, (done) => {
    if (obeysEscapes(messages)) messages.write(`\rfetching run ${done} of ${total}`);
  });
  if (obeysEscapes(messages)) messages.write('\r\u001b[K');
  await rememberStore(folder.url);
  output.write(
    `copied ${plural(copied.objects, 'object')}, ${formatBytes(copied.bytes)}, to ${to}` +
      `${copied.missingRuns > 0 ? `; ${copied.missingRuns} of ${plural(total, 'run')} ${copied.missingRuns === 1 ? 'is' : 'are'} not trained yet` : ''}\n`,
  );
  output.write(
    copied.reportKey === undefined
      ? `there is no report of this plan; to build one from the copy: bakeoff report --plan ${executionId} --out ${to}\n`
      : `report: ${objectUrl(folder.url, copied.reportKey)}\n`,
  );
  return ExitCode.done;
}
