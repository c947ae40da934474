import { type Argument, type Command, Option } from 'commander';
import type { WritesStore } from '../plans/store-url.ts';
import type { CommandContext } from './command-context.ts';

/** Runs a command and returns its exit code. Called with the command's arguments, its options, and the context. */
type CommandAction = (...call: never[]) => Promise<number>;

/**
 * A command as the help shows it. It imports nothing that takes time to load: a command's code is loaded when it is
 * called.
 */
export interface CommandDeclaration {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** When it writes to the store of --out or --store; absent: it takes neither option. */
  readonly store?: WritesStore;
  /** Text below the options: examples, exit codes. */
  readonly help?: string;
  readonly load: () => Promise<CommandAction>;
  readonly subcommands?: readonly CommandDeclaration[];
}

export interface CommandSetting {
  readonly context: CommandContext;
  /** Called with the exit code of the command that ran. */
  readonly finish: (exitCode: number) => void;
}

/** Adds a command and its subcommands to a program or to a parent command. */
export function addCommand(parent: Command, declaration: CommandDeclaration, setting: CommandSetting): void {
  const { name, summary, store, help, load, arguments: taken = [], options = [], subcommands = [] } = declaration;
  const command = parent.command(name).description(summary);
  for (const argument of taken) command.addArgument(argument);
  if (store !== undefined) {
    for (const option of storeOptions()) command.addOption(option);
    requireLastingStore(command, store);
  }
  for (const option of options) command.addOption(option);
  if (help !== undefined) command.addHelpText('after', `\n${help}`);
  command.action(async (...call: unknown[]) => {
    const action = (await load()) as (...call: unknown[]) => Promise<number>;
    // Commander's last argument is the command itself.
    setting.finish(await action(...call.slice(0, -1), setting.context));
  });
  for (const each of subcommands) addCommand(command, each, setting);
}

function storeOptions(): Option[] {
  return [
    new Option('-o, --out <dir>', 'folder for all results (default: ./out)').conflicts('store'),
    new Option('--store <url>', 'where to keep all results, by URL: a folder, or s3://bucket/prefix').env(
      'BAKEOFF_STORE',
    ),
  ];
}

/** Bakeoff's images set this variable. A container's own file system is lost with the container. */
function requireLastingStore(command: Command, writes: WritesStore): void {
  if (process.env['BAKEOFF_CONTAINER'] === undefined) return;
  command.hook('preAction', async (_, action) =>
    (await import('../places/docker/require-lasting-store.ts')).requireLastingStore(writes, action.opts()),
  );
}
