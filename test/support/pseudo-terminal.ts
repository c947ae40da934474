import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { join } from 'node:path';
import { until } from './files.ts';

const script = join(import.meta.dirname, 'pseudo-terminal.py');

/** Whether there is what makes a pseudo-terminal: Python, whose library can, on a system that has them. */
export const hasPseudoTerminal =
  process.platform !== 'win32' &&
  spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;

/** A command on a terminal of its own. */
export interface Terminal {
  /** All that the terminal has shown. */
  readonly shown: () => string;
  /** Waits until the terminal shows a text, after what an earlier call has waited for. */
  readonly expect: (text: string) => Promise<void>;
  readonly type: (text: string | Uint8Array) => void;
  /** As closing its window does: processes that are attached to it are hung up. */
  readonly close: () => void;
  /** The command's exit code, or 128 and the number of the signal that ended it. */
  readonly ended: Promise<number | null>;
}

export function openTerminal(
  command: readonly string[],
  { columns = 80, ...options }: { readonly columns?: number } & Pick<SpawnOptions, 'cwd' | 'env'> = {},
): Terminal {
  const { env = process.env } = options;
  const child = spawn('python3', [script, String(columns), ...command], {
    ...options,
    env: { TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  // The command may end before everything is typed.
  child.stdin.on('error', () => undefined);
  return {
    shown: () => shown,
    expect: async (text) => {
      await until(
        () => {
          const at = shown.indexOf(text, seen);
          if (at === -1) return undefined;
          seen = at + text.length;
          return true;
        },
        `the terminal to show ${JSON.stringify(text)}`,
        30_000,
      ).catch((error: unknown) => {
        throw new Error(`${(error as Error).message}; it shows:\n${shown}`);
      });
    },
    type: (text) => void child.stdin.write(text),
    close: () => void child.stdin.end(),
    ended: new Promise((resolve) => child.on('close', (code) => resolve(code))),
  };
}
