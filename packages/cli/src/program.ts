import { ExitCode } from '@bakeoff/core/exit-code';
import { Command } from 'commander';
import { commands } from './commands/commands.ts';
import { addCommand, commandGroups, type CommandDeclaration, type CommandSetting } from './commands/declaration.ts';
import { HELP_COLUMNS, helpOpening, helpOption } from './commands/help.ts';
import { buildInfo } from './process/build-info.ts';

/** The command line: every command's code is loaded only when it is called, so that help answers at once. */
export function createProgram(setting: CommandSetting): Command {
  const { output, messages, style } = setting.context;
  const program = new Command('bakeoff')
    .version(`${buildInfo.version} (${buildInfo.revision.slice(0, 12)})`, '-V, --version')
    .helpOption(...helpOption)
    .addHelpCommand(
      new Command('help')
        .argument('[command]', 'name of a command')
        .summary('show help for a command')
        .helpOption(false)
        .helpGroup(commandGroups.setup),
    )
    .usage('<command> [options]')
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.write(text), writeErr: (text) => messages.write(text) })
    .configureHelp({
      helpWidth: HELP_COLUMNS,
      subcommandTerm: (command) => command.name(),
      styleTitle: style.bold,
      styleCommandText: style.accent,
      styleSubcommandTerm: style.accent,
      styleOptionTerm: style.accent,
    })
    .addHelpText('after', exitCodes);
  program.addHelpText('before', helpOpening(program, about, examples, setting.context));
  for (const declaration of inGroups(commands)) addCommand(program, declaration, setting);
  return program;
}

/** Commands in the order of their groups; within one, in the order of the table. */
function inGroups(table: readonly CommandDeclaration[]): CommandDeclaration[] {
  return Object.keys(commandGroups).flatMap((group) => table.filter((command) => command.group === group));
}

const about =
  'Turns a manifest of experiments on small images into one comparison report: how good each network is ' +
  'with each setting, what it costs, and whether the differences are real.';

const examples = [
  'bakeoff plan experiments/quickstart.yaml   # list its runs',
  'bakeoff run experiments/quickstart.yaml    # from the manifest to a report',
  'bakeoff open                               # open the newest report',
];

const exitCodes = `
Exit codes: ${ExitCode.done} done, ${ExitCode.bug} a bug, ${ExitCode.mistake} a mistake that the message names,
${ExitCode.interrupted} interrupted (run the same command again to resume), ${ExitCode.ctrlC} Ctrl-C.`;
