import { UserError } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { dollars } from '@bakeoff/statistics/formats';
import { examineAccount } from '../aws/deploy/account-checks.ts';
import { checkLines, problems } from '../aws/deploy/check.ts';
import { deployStack } from '../aws/deploy/deploy-stack.ts';
import { IDLE_DOLLARS_PER_MONTH } from '../aws/deploy/idle-cost.ts';
import { examineMachine } from '../aws/deploy/machine-checks.ts';
import { formatDuration } from '../progress/format.ts';
import type { AwsOptions } from './aws-options.ts';
import type { CommandContext } from './command-context.ts';

export interface DeployCommandOptions extends AwsOptions {
  readonly set?: readonly string[];
  readonly yes?: boolean;
}

/** `bakeoff deploy`: checks what deploying needs, deploys the stack, pushes the images, and says what that costs. */
export async function deployCommand(
  { stack: stackName, set: settings = [], yes: isSilent = false }: DeployCommandOptions,
  { output, style, signal, clock }: CommandContext,
): Promise<number> {
  const startMs = clock.elapsedMs();
  const folder = process.cwd();
  const checks = [...(await examineMachine(folder)), ...(await examineAccount(stackName))];
  for (const line of checkLines(checks, style)) output.write(`${line}\n`);
  const found = problems(checks);
  if (found > 0)
    throw new UserError(
      {
        what: `${stackName} cannot be deployed yet`,
        received: found === 1 ? 'the problem above' : `the ${found} problems above`,
        fix: 'correct them (→), and give the same command again; to check alone: bakeoff doctor --stack',
      },
      { cause: checks.find(({ access }) => access !== undefined)?.access },
    );
  if (!isSilent && !process.stdin.isTTY)
    throw new UserError({
      what: 'CDK asks before it grants permissions, and there is no terminal to ask on',
      received: 'no --yes',
      fix: 'add --yes',
    });
  const { deployment, isNew } = await deployStack({ stackName, settings, isSilent, folder, signal }, (step) =>
    output.write(`\n${style.bold(step)}\n`),
  );
  const { region, imageTag = '', storeUrl, computes } = deployment;
  const lines = [
    '',
    style.good(
      `${isNew ? 'Created' : 'Updated'} ${stackName} in ${region} in ${formatDuration(clock.elapsedMs() - startMs)}.`,
    ),
    `Jobs run the images of ${imageTag.slice(0, 12)}, train on ${computes[0] === 'gpu' ? 'GPU instances' : 'Fargate'}, and keep everything in ${storeUrl}.`,
    `While nothing runs it costs about ${dollars(IDLE_DOLLARS_PER_MONTH)} per month; submit says what an execution costs before it starts one.`,
    `  bakeoff submit experiments/quickstart.yaml${stackName === 'Bakeoff' ? '' : ` --stack ${stackName}`}`,
  ];
  for (const line of lines) output.write(`${line}\n`);
  return ExitCode.done;
}
