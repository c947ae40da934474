import { ExitCode } from '@bakeoff/core/exit-code';
import { examineAccount, examineReadiness } from '../aws/deploy/account-checks.ts';
import { type Check, checkLines, problems } from '../aws/deploy/check.ts';
import { examineMachine } from '../aws/deploy/machine-checks.ts';
import type { CommandContext } from './command-context.ts';

/** `bakeoff doctor --stack`: what `bakeoff deploy` checks, and whether the jobs of a deployed stack could start. */
export async function stackCheckCommand(
  stackName: string,
  { json = false }: { readonly json?: boolean },
  { output, style }: CommandContext,
): Promise<number> {
  const [machine, account] = await Promise.all([examineMachine(process.cwd()), examineAccount(stackName)]);
  const isReachable = account.every(({ name, state }) => name !== 'credentials' || state === 'ok');
  const checks = [...machine, ...account, ...(isReachable ? await examineReadiness(stackName) : [])];
  if (json) output.write(`${JSON.stringify(checks.map(withoutError), undefined, 2)}\n`);
  else for (const line of checkLines(checks, style)) output.write(`${line}\n`);
  if (!json && !isReachable)
    output.write(
      `It would also check CDK’s bootstrap, quotas, the stack ${stackName}, and whether its jobs can start.\n`,
    );
  return problems(checks) > 0 ? ExitCode.mistake : ExitCode.done;
}

function withoutError({ access: _access, ...check }: Check): Omit<Check, 'access'> {
  return check;
}
