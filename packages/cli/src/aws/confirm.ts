import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { UserError } from '@bakeoff/core';
import type { ViewStream } from '../progress/view.ts';

/**
 * Asks on the terminal; anything but y or yes means no.
 * @throws UserError if there is no terminal to ask on
 */
export async function confirm(question: string, { messages, signal, fix }: Asking): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(`${question} [y/N]`, { messages, signal, fix }));
}

export interface Asking {
  readonly messages: ViewStream;
  readonly signal: AbortSignal;
  /** What answers without a terminal. */
  readonly fix: string;
}

/**
 * Asks on the terminal, and returns the answer.
 * @throws UserError if there is no terminal to ask on, or if its input ends (Ctrl-D)
 */
export async function ask(question: string, { messages, signal, fix }: Asking): Promise<string> {
  if (!process.stdin.isTTY)
    throw new UserError({
      what: 'this needs a confirmation, and there is no terminal to ask on',
      received: question,
      fix,
    });
  const terminal = createInterface({ input: process.stdin });
  try {
    messages.write(`${question} `);
    const ended = once(terminal, 'close', { signal }).then(() => {
      throw new UserError({ what: 'the question has no answer', received: 'the end of the input (Ctrl-D)', fix });
    });
    const [answer] = (await Promise.race([once(terminal, 'line', { signal }), ended])) as [string];
    return answer.trim();
  } catch (error) {
    // What follows does not stand behind the question.
    messages.write('\n');
    throw error;
  } finally {
    terminal.close();
  }
}
