import type { CommandContext } from '../command-context.ts';
import { JsonView } from './json-view.ts';
import { PlainView } from './plain-view.ts';
import { TerminalView } from './terminal-view.ts';
import type { View } from './view.ts';

/** Bars on a terminal, lines in a log, JSON where asked for. */
export function createView({ messages, output, messageStyle }: CommandContext, { json, total, hint }: { json: boolean; total: number; hint: string }): View {
  if (json) return new JsonView(output);
  return messages.isTTY === true ? new TerminalView(messages, messageStyle, total, hint) : new PlainView(messages);
}
