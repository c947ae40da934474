import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { subjectId } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { followStage, type StageEnd } from '../follow-stage.ts';
import type { LaunchTask, Task, TaskOutcome } from '../../tasks/task.ts';
import { callEngine } from './call-engine.ts';
import { containerArguments, type ContainerSettings } from './container-arguments.ts';

/** Time that a stage has to write its checkpoint, from the request to stop until the engine kills it. */
const STOP_WITHIN_SECONDS = 60;

/** Runs each task in a container of its own; events and outcome are those of a child process. */
export function launchContainers(settings: ContainerSettings): LaunchTask {
  const { program } = settings.engine;
  return (task, onEvent) => {
    const name = containerName(task);
    // In a process group of its own: a terminal's Ctrl-C reaches only this process, which then asks containers to stop.
    const client = spawn(program, containerArguments(task, name, settings), {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // A container that has ended no longer reads its input.
    client.stdin.on('error', () => undefined);
    return {
      outcome: followStage(client, onEvent, (end) => explainEnd(program, end)),
      stop: () => {
        // The end of its input also stops the stage, even if the container is still being created.
        client.stdin.end();
        void callEngine(program, ['stop', '-t', String(STOP_WITHIN_SECONDS), name]);
      },
      kill: () => void spawnSync(program, ['kill', name], { stdio: 'ignore' }),
    };
  };
}

function containerName({ work }: Task): string {
  return `bakeoff-${work.stage}-${subjectId(work).slice(0, 8)}-${randomUUID().slice(0, 8)}`;
}

/** Exit codes that are the engine's, not the stage's. */
function explainEnd(program: string, { code, said }: StageEnd): TaskOutcome | undefined {
  // 125 the engine itself, 126 and 127 what it starts containers with.
  if (code !== null && code >= 125 && code <= 127)
    return {
      status: 'failed',
      exitCode: ExitCode.mistake,
      message: `${program} could not start the container\n${said}`.trim(),
    };
  if (code === 137)
    return {
      status: 'failed',
      exitCode: ExitCode.bug,
      message: [
        `the container was ended by SIGKILL: by hand, or out of memory; give ${program} more memory, or run fewer at a time (--jobs 1)`,
        said,
      ]
        .join('\n')
        .trim(),
    };
  return undefined;
}
