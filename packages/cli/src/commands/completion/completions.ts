import { prefixes } from '@bakeoff/core/keys';
import type { Argument, Command, Option } from 'commander';

/**
 * What a shell offers at one place: words as they are, and lists that it makes itself:
 * `@manifests`, `@files`, `@folders`, and `@ids:FOLDER`, the names in a folder of the store.
 */
export type Offers = readonly string[];

export interface OptionCompletion {
  /** As `-j`, `--jobs`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Of its value; absent if it takes none. */
  readonly value?: Offers;
}

export interface CommandCompletion {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionCompletion[];
  /** By position; the last one repeats if the command takes any number. */
  readonly arguments: readonly Offers[];
  readonly repeatsLast: boolean;
  readonly subcommands: readonly CommandCompletion[];
}

/** What a command's declaration says about completing it: placeholders name what stands for them. */
export function completionOf(command: Command): CommandCompletion {
  const taken = command.registeredArguments;
  return {
    name: command.name(),
    summary: command.summary(),
    options: command.createHelp().visibleOptions(command).map(optionCompletion),
    arguments: taken.map(argumentOffers),
    repeatsLast: taken.at(-1)?.variadic === true,
    subcommands: command.commands.map(completionOf),
  };
}

function optionCompletion(option: Option): OptionCompletion {
  const { short, long, description, flags, argChoices } = option;
  const named = [short, long].filter((flag) => flag !== undefined);
  const placeholder = /[<[](.*)[>\]]$/.exec(flags)?.[1];
  if (placeholder === undefined) return { flags: named, description };
  return { flags: named, description, value: argChoices ?? offersFor(placeholder, option.name()) };
}

function argumentOffers(argument: Argument): Offers {
  return (
    argument.argChoices ??
    argument
      .name()
      .split('|')
      .flatMap((name) => offersFor(name, name))
  );
}

/** `<dir>` is a folder, `<id>` of `--run` one of the store's runs, and so on; other placeholders offer nothing. */
function offersFor(placeholder: string, name: string): Offers {
  if (placeholder === 'manifest') return ['@manifests'];
  if (/(dir|url)$/.test(placeholder)) return ['@folders'];
  if (/(file|path)$/.test(placeholder)) return ['@files'];
  const folder = `${name}s`;
  return Object.hasOwn(prefixes, folder) && (placeholder === 'id' || placeholder === name) ? [`@ids:${folder}`] : [];
}
