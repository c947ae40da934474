import { ExitCode } from '@bakeoff/core/exit-code';
import { Command } from 'commander';
import { commands } from './commands/commands.ts';
import { addCommand, type CommandSetting } from './commands/declaration.ts';
import { buildInfo } from './process/build-info.ts';

/** The command line: every command's code is loaded only when it is called, so that help answers at once. */
export function createProgram(setting: CommandSetting): Command {
  const { output, messages, style } = setting.context;
  const program = new Command('bakeoff')
    .description(
      'Turns a manifest of experiments on CIFAR-10 into one comparison report: how good each network is ' +
        'with each setting, what it costs, and whether the differences are real.',
    )
    .version(`${buildInfo.version} (${buildInfo.revision.slice(0, 12)})`, '-V, --version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.write(text), writeErr: (text) => messages.write(text) })
    .configureHelp({ styleTitle: style.bold, styleCommandText: style.accent, styleOptionTerm: style.accent })
    .addHelpText('after', examples);
  for (const declaration of commands) addCommand(program, declaration, setting);
  return program;
}

const examples = `
Examples:
  $ bakeoff run experiments/quickstart.yaml           from a manifest to out/reports/latest/quickstart/index.html
  $ bakeoff plan experiments/quickstart.yaml          list its runs with their parameters and MACs
  $ bakeoff run experiments/quickstart.yaml --jobs 1 --out results

Exit codes: ${ExitCode.done} done, ${ExitCode.bug} a bug, ${ExitCode.mistake} a mistake that the message names,
${ExitCode.interrupted} interrupted (run the same command again to resume), ${ExitCode.ctrlC} Ctrl-C.`;
