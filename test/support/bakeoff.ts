import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '../..');
const program = join(repository, 'packages/cli/bin/bakeoff.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running call of `bakeoff`: the bundle, as a process of its own. */
export interface Call {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function startBakeoff(
  args: readonly string[],
  options: SpawnOptions & { readonly nodeArgs?: readonly string[] } = {},
): Call {
  const { nodeArgs = [], ...spawnOptions } = options;
  const child = spawn(process.execPath, [...nodeArgs, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...spawnOptions,
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

export function bakeoff(args: readonly string[], options?: Parameters<typeof startBakeoff>[1]): Promise<Ended> {
  return startBakeoff(args, options).ended;
}

/** A folder for one test file; delete it with `remove`. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'bakeoff-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
