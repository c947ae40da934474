import type { CommandContext } from '../commands/command-context.ts';
import { systemClock } from '../process/clock.ts';
import { plainStyle } from '../progress/style.ts';

/** A context whose output is passed to `write`; nothing stops its commands. */
export function quietContext(write: (text: string) => void = () => undefined): CommandContext {
  const { signal } = new AbortController();
  return {
    output: { write },
    messages: { write: () => undefined },
    style: plainStyle,
    messageStyle: plainStyle,
    stop: { signal, cause: () => undefined, onImpatience: () => undefined },
    signal,
    clock: systemClock,
    log: () => undefined,
  };
}
