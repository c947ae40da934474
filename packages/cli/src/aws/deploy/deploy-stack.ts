import { spawn } from 'node:child_process';
import { UserError } from '@bakeoff/core';
import { requireReady } from '../require-ready.ts';
import { type Deployment, findDeployment, findStack } from '../deployment.ts';

export interface DeployOptions {
  readonly stackName: string;
  /** Settings as `name=value`, which take precedence over those in cdk.json. */
  readonly settings: readonly string[];
  /** Whether CDK may widen permissions without asking. */
  readonly isSilent: boolean;
  /** The root of the clone. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface Deployed {
  readonly deployment: Deployment;
  readonly isNew: boolean;
}

/**
 * Deploys the stack and pushes the images of the commit. On an existing stack the images come first, so that its jobs
 * never name images that are not there; a new stack has no repositories before it is deployed.
 */
export async function deployStack(options: DeployOptions, said: (step: string) => void): Promise<Deployed> {
  const { stackName } = options;
  const isNew = (await findStack(stackName)).stack === undefined;
  const push = (): Promise<void> => {
    said('building and pushing the images of this commit');
    return execute('bash', ['infra/push-images.sh', stackName], options);
  };
  if (!isNew) await push();
  said(isNew ? `creating the stack ${stackName}` : `updating the stack ${stackName}`);
  await execute('npx', ['cdk', 'deploy', ...cdkArguments(options)], options);
  const deployment = await findDeployment(stackName);
  // Also on an existing stack that has got another repository, by a change of the setting `compute`.
  if (isNew || !(await hasImages(deployment))) await push();
  return { deployment, isNew };
}

function cdkArguments({ stackName, settings, isSilent }: DeployOptions): string[] {
  return [
    '-c',
    `stackName=${stackName}`,
    ...settings.flatMap((setting) => ['-c', `bakeoff.${setting}`]),
    ...(isSilent ? ['--require-approval', 'never'] : []),
  ];
}

async function hasImages(deployment: Deployment): Promise<boolean> {
  try {
    await requireReady(deployment);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Runs a program with this terminal. @throws UserError if it fails; it has said why. */
function execute(program: string, args: readonly string[], { folder, signal }: DeployOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, stdio: 'inherit', signal });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new UserError({
            what: `${[program, ...args.slice(0, 2)].join(' ')} failed`,
            received: `exit code ${code ?? 'none, it was interrupted'}`,
            fix: 'correct what it said above, and give the same command again: what is done is not done twice',
          }),
        );
    });
  });
}
