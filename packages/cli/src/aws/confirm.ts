import { createInterface } from 'node:readline/promises';
import { UserError } from '@bakeoff/core';
import type { ViewStream } from '../progress/view.ts';

/**
 * Asks on the terminal; anything but y or yes means no.
 * @throws UserError if there is no terminal to ask on
 */
export async function confirm(question: string, output: ViewStream, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError({
      what: 'this needs a confirmation, and there is no terminal to ask on',
      received: question,
      fix: 'add --yes, or raise the limit with --ask-above DOLLARS',
    });
  const terminal = createInterface({ input: process.stdin });
  try {
    output.write(`${question} [y/N] `);
    return /^y(es)?$/i.test((await terminal.question('', { signal })).trim());
  } finally {
    terminal.close();
  }
}
