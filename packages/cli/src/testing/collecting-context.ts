import type { StageEvent } from '@bakeoff/core';
import type { CommandContext } from '../commands/command-context.ts';
import { plainStyle } from '../progress/style.ts';

/** A command's context that keeps what the command writes. */
export function collectingContext({ nowMs = Date.now }: { readonly nowMs?: () => number } = {}): {
  readonly context: CommandContext;
  readonly output: () => string;
  readonly messages: () => string;
  readonly events: readonly StageEvent[];
} {
  const written = { output: '', messages: '' };
  const events: StageEvent[] = [];
  const { signal } = new AbortController();
  const context: CommandContext = {
    output: { write: (text) => (written.output += text) },
    messages: { write: (text) => (written.messages += text) },
    style: plainStyle,
    messageStyle: plainStyle,
    stop: { signal, cause: () => undefined, onImpatience: () => undefined },
    signal,
    clock: { nowMs, elapsedMs: () => performance.now() },
    log: (event) => events.push(event),
  };
  return { context, output: () => written.output, messages: () => written.messages, events };
}
