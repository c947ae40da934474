import { AwsAccessError } from '@bakeoff/core/aws-access';
import { UserError } from '@bakeoff/core/user-error';
import { type Argument, type Command, Option } from 'commander';
import { helpOpening, inColumns } from './help.ts';
import { optionGroups } from './option-groups.ts';
import { xla } from './shared-options.ts';
import type { WritesStore } from '../plans/store-url.ts';
import type { CommandContext } from './command-context.ts';

/** Runs a command and returns its exit code. Called with the command's arguments, its options, and the context. */
type CommandAction = (...call: never[]) => Promise<number>;

/** What commands are for, in the order of the help. */
export const commandGroups = {
  study: 'From a manifest to a report:',
  results: 'Results:',
  networks: 'Networks and manifests:',
  stages: 'Stages of a run, one at a time:',
  aws: 'On AWS:',
  setup: 'This machine:',
} as const;
type CommandGroup = keyof typeof commandGroups;

/**
 * What a command would do, for a message that AWS cannot be asked. Called like the command, and completes "It would …";
 * several lines if there is more to say.
 */
type WouldDo = (...call: never[]) => string | Promise<string>;

/**
 * A command as the help and the shells' completion show it. It imports nothing that takes time to load: a command's
 * code is loaded when it is called.
 */
export type CommandDeclaration = SubcommandDeclaration & {
  readonly group: CommandGroup;
  readonly subcommands?: readonly SubcommandDeclaration[];
};

/** A command that works with a deployment on AWS. */
export type AwsCommandDeclaration = CommandDeclaration & {
  readonly would: WouldDo;
  readonly subcommands?: readonly (SubcommandDeclaration & { readonly would: WouldDo })[];
};

type SubcommandDeclaration = CommandFacts & (WithStore | WithoutStore);

/** A store may be on S3. */
interface WithStore {
  /** When it writes to the store of --out or --store, which it takes. */
  readonly store: WritesStore;
  readonly would: WouldDo;
}

interface WithoutStore {
  readonly store?: undefined;
  readonly would?: WouldDo;
}

interface CommandFacts {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Command lines, which the help shows first. */
  readonly examples?: readonly string[];
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Text below the options: exit codes, what is written. */
  readonly notes?: string;
  readonly load: () => Promise<CommandAction>;
}

export interface CommandSetting {
  readonly context: CommandContext;
  /** Called with the exit code of the command that ran. */
  readonly finish: (exitCode: number) => void;
}

/** Adds a command and its subcommands to a program or to a parent command. */
export function addCommand(parent: Command, declaration: CommandDeclaration, setting: CommandSetting): void {
  const command = addSubcommand(parent, declaration, setting);
  command.helpGroup(commandGroups[declaration.group]);
  for (const each of declaration.subcommands ?? []) addSubcommand(command, each, setting);
}

function addSubcommand(parent: Command, declaration: SubcommandDeclaration, setting: CommandSetting): Command {
  const { name, summary, store, examples = [], notes, load, arguments: taken = [], options = [] } = declaration;
  const command = parent.command(name).summary(summary);
  command.addHelpText('before', ({ command }) => helpOpening(command, summary, examples, setting.context));
  for (const argument of taken) command.addArgument(argument);
  if (store !== undefined) {
    for (const option of storeOptions()) command.addOption(option);
    requireLastingStore(command, store);
  }
  for (const option of options) command.addOption(option);
  if (options.includes(xla)) passXlaOn(command);
  if (notes !== undefined) command.addHelpText('after', ({ command }) => `\n${inColumns(notes, command)}`);
  command.action(async (...call: unknown[]) => {
    const action = (await load()) as (...call: unknown[]) => Promise<number>;
    // Commander's last argument is the command itself.
    const given = [...call.slice(0, -1), setting.context];
    setting.finish(await action(...given).catch((error: unknown) => explained(error, declaration, given)));
  });
  return command;
}

/** Where AWS could not be asked, the message says what the command would do. */
async function explained(error: unknown, { would }: SubcommandDeclaration, given: readonly unknown[]): Promise<never> {
  if (would === undefined || !(error instanceof UserError) || !isAboutAccess(error)) throw error;
  const { withWhatItWouldDo } = await import('../aws/explain-access.ts');
  const tell = would as (...call: readonly unknown[]) => string | Promise<string>;
  throw await withWhatItWouldDo(error, () => tell(...given));
}

function isAboutAccess(error: UserError): boolean {
  return error instanceof AwsAccessError || error.cause instanceof AwsAccessError;
}

/** The processes of runs, and those that try engines, inherit it. */
function passXlaOn(command: Command): void {
  command.hook('preAction', (_, action) => {
    if (action.opts()['xla'] === true) process.env['BAKEOFF_XLA'] = '1';
  });
}

function storeOptions(): Option[] {
  return [
    new Option('-o, --out <dir>', 'folder for all results (default: ./out)')
      .conflicts('store')
      .helpGroup(optionGroups.results),
    new Option('--store <url>', 'where to keep all results, by URL: a folder, or s3://bucket/prefix')
      .env('BAKEOFF_STORE')
      .helpGroup(optionGroups.results),
  ];
}

/** Bakeoff's images set this variable. A container's own file system is lost with the container. */
function requireLastingStore(command: Command, writes: WritesStore): void {
  if (process.env['BAKEOFF_CONTAINER'] === undefined) return;
  command.hook('preAction', async (_, action) =>
    (await import('../places/docker/require-lasting-store.ts')).requireLastingStore(writes, action.opts()),
  );
}
