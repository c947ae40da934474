import { spawn } from 'node:child_process';
import { followStage } from './follow-stage.ts';
import type { LaunchTask } from '../tasks/task.ts';

/** Starts this process's own program with a stage's arguments; its events arrive as JSON lines. */
export const launchChild: LaunchTask = (task, onEvent) => {
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, program, ...task.command, '--json'], {
    // The channel carries no messages: its end tells the child that this process is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return { outcome: followStage(child, onEvent), stop: () => child.kill('SIGTERM'), kill: () => child.kill('SIGKILL') };
};
