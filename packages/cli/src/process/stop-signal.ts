export type StopCause = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'parentGone';

export interface StopSignal {
  readonly signal: AbortSignal;
  /** What asked to stop; undefined if nothing has. */
  readonly cause: () => StopCause | undefined;
  /** Called at a second Ctrl-C, just before the process ends. */
  readonly onImpatience: (handler: () => void) => void;
}

export interface StopSettings {
  /** Ends the process at a second Ctrl-C. */
  readonly exit: () => never;
  /** How to notice that the parent process is gone, apart from its channel: by the end of standard input. */
  readonly parent?: string | undefined;
  /** Whether standard output or standard error is a terminal. */
  readonly onTerminal: boolean;
}

/**
 * The first Ctrl-C, SIGTERM, or the end of the process that started this one asks the work to stop at its next safe
 * point; a second Ctrl-C ends the process. SIGTERM never counts as the second: a terminal's Ctrl-C reaches parent and
 * children alike, and the parent passes it on.
 *
 * SIGHUP, which a closed terminal sends, asks for the same as SIGTERM in a process that prints to a terminal. Other
 * processes ignore it: those under `nohup`, whose choice Node undoes when it starts; and stages in child processes,
 * which their parent stops if it stops itself.
 */
export function listenForStop({ exit, parent, onTerminal }: StopSettings): StopSignal {
  const controller = new AbortController();
  const impatient: (() => void)[] = [];
  let cause: StopCause | undefined;
  let interrupts = 0;
  const stop = (by: StopCause) => {
    cause ??= by;
    controller.abort();
  };
  process.on('SIGINT', () => {
    interrupts++;
    if (interrupts > 1) {
      for (const handler of impatient) handler();
      exit();
    }
    stop('SIGINT');
  });
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGHUP', () => {
    if (onTerminal) stop('SIGHUP');
  });
  if (process.channel !== undefined) {
    process.on('disconnect', () => stop('parentGone'));
    // The channel only shows that the parent is gone; it must not keep this process alive.
    process.channel?.unref();
  }
  // In a container there is no channel: the parent holds this process's standard input open for as long as it lives.
  if (parent === 'stdin') {
    process.stdin.on('end', () => stop('parentGone')).resume();
    process.stdin.unref();
  }
  return { signal: controller.signal, cause: () => cause, onImpatience: (handler) => impatient.push(handler) };
}
