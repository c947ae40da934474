import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findContainerEngine } from '../../places/docker/container-engine.ts';
import { type Check, checked } from './check.ts';

const run = promisify(execFile);

/** As in the engines of package.json. */
const LEAST_NODE = [20, 11] as const;
const ANSWER_MS = 30_000;

/** What deploying needs of this machine: Node, a clone without changes, Docker and the AWS CLI. */
export function examineMachine(folder: string): Promise<Check[]> {
  return Promise.all([
    checked('Node', () => Promise.resolve(examineNode(process.versions.node))),
    checked('clone', () => examineClone(folder)),
    checked('Docker', examineDocker),
    checked('AWS CLI', examineAwsCli),
  ]);
}

export function examineNode(version: string): Omit<Check, 'name'> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return { state: 'ok', found: version };
  return { state: 'problem', found: version, fix: `install Node ${LEAST_NODE.join('.')} or newer` };
}

/** Images are built from a commit and named by it, so that it must hold everything. */
async function examineClone(folder: string): Promise<Omit<Check, 'name'>> {
  if (!existsSync(join(folder, 'cdk.json')) || !existsSync(join(folder, 'infra/push-images.sh')))
    return {
      state: 'problem',
      found: `${folder} is not the root of a clone`,
      fix: 'give the command in the root of a clone',
    };
  const git = (...args: string[]) => run('git', args, { cwd: folder }).then(({ stdout }) => stdout.trim());
  try {
    const commit = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    if (changes === '') return { state: 'ok', found: `commit ${commit.slice(0, 12)}, without changes` };
    return {
      state: 'problem',
      found: `uncommitted changes: ${changes
        .split('\n')
        .map((line) => line.trim().replace(/^\S+ +/, ''))
        .slice(0, 5)
        .join(', ')}`,
      fix: 'commit or stash them: the images are named by their commit',
    };
  } catch (error) {
    return {
      state: 'problem',
      found: `no commit: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      fix: 'install git, and give the command in a clone',
    };
  }
}

async function examineDocker(): Promise<Omit<Check, 'name'>> {
  const { program, cores } = await findContainerEngine(ANSWER_MS);
  if (program === 'docker') return { state: 'ok', found: `answers, with ${cores} cores` };
  return {
    state: 'problem',
    found: `only ${program} answers`,
    fix: 'install Docker: infra/push-images.sh calls docker',
  };
}

/** A slow answer is only a warning: starting Python takes long on a busy machine. */
export async function examineAwsCli(answerWithinMs = ANSWER_MS): Promise<Omit<Check, 'name'>> {
  try {
    const { stdout, stderr } = await run('aws', ['--version'], { timeout: answerWithinMs });
    return { state: 'ok', found: `${stdout}${stderr}`.split(' ')[0]?.replace('aws-cli/', '') ?? '' };
  } catch (error) {
    const { code, killed, stderr } = error as { code?: unknown; killed?: boolean; stderr?: string };
    if (killed === true)
      return {
        state: 'warning',
        found: `aws did not answer within ${answerWithinMs / 1000} seconds`,
        fix: 'see whether `aws --version` answers: infra/push-images.sh logs Docker in to the registry with it',
      };
    return {
      state: 'problem',
      found:
        code === 'ENOENT' ? 'aws is not installed' : `aws --version fails: ${stderr?.trim().split('\n').at(-1) ?? ''}`,
      fix: 'install the AWS CLI: infra/push-images.sh logs Docker in to the registry with it',
    };
  }
}
