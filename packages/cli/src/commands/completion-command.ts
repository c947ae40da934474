import { Command } from 'commander';
import { ExitCode } from '@bakeoff/core/exit-code';
import type { CommandContext } from './command-context.ts';
import { commands } from './commands.ts';
import { bashCompletion } from './completion/bash.ts';
import { completionOf, type CommandCompletion } from './completion/completions.ts';
import { fishCompletion } from './completion/fish.ts';
import type { Shell } from './completion/shells.ts';
import { zshCompletion } from './completion/zsh.ts';
import { addCommand } from './declaration.ts';
import { helpOption } from './help.ts';

const scripts: Readonly<Record<Shell, (commands: readonly CommandCompletion[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `bakeoff completion SHELL`: prints a script that completes every command of the table. */
export async function completionCommand(shell: Shell, _options: object, context: CommandContext): Promise<number> {
  const program = new Command().helpOption(...helpOption);
  for (const declaration of commands) addCommand(program, declaration, { context, finish: () => undefined });
  context.output.write(scripts[shell](program.commands.map(completionOf)));
  return ExitCode.done;
}
