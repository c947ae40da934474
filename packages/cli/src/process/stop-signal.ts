export type StopCause = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'parentGone' | 'unread';

export interface StopSignal {
  readonly signal: AbortSignal;
  /** What asked to stop; undefined if nothing has. */
  readonly cause: () => StopCause | undefined;
  /** Called at a second Ctrl-C, just before the process ends. */
  readonly onImpatience: (handler: () => void) => void;
}

/** A stream that this process writes to. */
interface Written {
  readonly isTTY?: boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

export interface StopSettings {
  /** Ends the process at a second Ctrl-C. */
  readonly exit: () => never;
  /** How to notice that the parent process is gone, apart from its channel: by the end of standard input. */
  readonly parent?: string | undefined;
  /** Standard output and standard error. */
  readonly written: readonly Written[];
}

/**
 * The first Ctrl-C, SIGTERM, or the end of the process that started this one asks the work to stop at its next safe
 * point; a second Ctrl-C ends the process. SIGTERM never counts as the second: a terminal's Ctrl-C reaches parent and
 * children alike, and the parent passes it on.
 *
 * SIGHUP, which a closed terminal sends, asks for the same as SIGTERM in a process that prints to a terminal. Other
 * processes ignore it: those under `nohup`, whose choice Node undoes when it starts; and stages in child processes,
 * which their parent stops if it stops itself.
 *
 * A closed pipe, as in `bakeoff run … | head`, asks for the same as SIGTERM too: what only prints ends by itself, without
 * a word. What is written to a closed terminal (EIO) is lost, and the work goes on: whether it stops, SIGHUP decides.
 */
export function listenForStop({ exit, parent, written }: StopSettings): StopSignal {
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
  let hasLostTerminal = false;
  const lostTerminal = () => {
    if (!hasLostTerminal) void closeTerminalAtExit();
    hasLostTerminal = true;
  };
  const onTerminal = written.some(({ isTTY }) => isTTY);
  process.on('SIGHUP', () => {
    lostTerminal();
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
  for (const stream of written)
    stream.on('error', (error) => {
      if (error.code === 'EPIPE') stop('unread');
      else if (error.code === 'EIO') lostTerminal();
      else throw error;
    });
  return { signal: controller.signal, cause: () => cause, onImpatience: (handler) => impatient.push(handler) };
}

/**
 * Node restores the settings of terminals when it ends, and aborts (SIGABRT) if one is gone; what is closed by then, it
 * leaves alone.
 */
async function closeTerminalAtExit(): Promise<void> {
  // At every start, it would take milliseconds.
  const { closeSync } = await import('node:fs');
  process.on('exit', () => {
    for (const standard of [0, 1, 2])
      try {
        closeSync(standard);
      } catch {
        // It is closed already.
      }
  });
}
