export type StopCause = 'SIGINT' | 'SIGTERM' | 'parentGone';

export interface StopSignal {
  readonly signal: AbortSignal;
  /** What asked to stop; undefined if nothing has. */
  readonly cause: () => StopCause | undefined;
  /** Called at a second Ctrl-C, just before the process ends. */
  readonly onImpatience: (handler: () => void) => void;
}

/**
 * The first Ctrl-C, SIGTERM, or the end of the process that started this one asks the work to stop at its next safe
 * point; a second Ctrl-C ends the process. SIGTERM never counts as the second: a terminal's Ctrl-C reaches parent and
 * children alike, and the parent passes it on.
 */
export function listenForStop(exit: () => never, parent?: string): StopSignal {
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
