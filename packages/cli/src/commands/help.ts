import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';

/** Lines of the help are no longer, on wider terminals too. */
export const HELP_COLUMNS = 80;

/** Flags and description of the option that every command has. */
export const helpOption = ['-h, --help', 'show help'] as const;

/** What the help of a program or a command begins with: what it does, and examples. */
export function helpOpening(
  command: Command,
  summary: string,
  examples: readonly string[],
  { style }: Pick<CommandContext, 'style'>,
): string {
  const lines = [inColumns(sentence(summary), command), ''];
  if (examples.length > 0) lines.push(style.bold('Examples:'), ...examples.map((each) => `  $ ${each}`), '');
  return lines.join('\n');
}

/** Breaks lines that are too long. */
export function inColumns(text: string, command: Command): string {
  return command.createHelp().boxWrap(text, HELP_COLUMNS);
}

function sentence(text: string): string {
  const ended = text.endsWith('.') ? text : `${text}.`;
  return ended[0]!.toUpperCase() + ended.slice(1);
}
