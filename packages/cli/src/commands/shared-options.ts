import { engineNames } from '@bakeoff/engine/engines';
import { optionGroups } from './option-groups.ts';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { cacheFolder } from '../process/cache-folder.ts';

// Arguments and options that several commands share.

export const manifest = (syntax: string): Argument => new Argument(syntax, 'manifest file (YAML or JSON)');

export const jobs = new Option(
  '-j, --jobs <n>',
  'number of runs at a time (default: enough to keep every core busy, counting replicas, but no more than fit in memory)',
)
  .argParser(positiveInteger)
  .helpGroup(optionGroups.computing);
export const engine = new Option('--engine <name>', 'what computes; auto takes the first engine that loads')
  .choices(['auto', ...engineNames])
  .default('auto')
  .env('BAKEOFF_ENGINE')
  .helpGroup(optionGroups.computing);
export const xla = new Option(
  '--xla',
  'compile whole steps for the device, with the engines tensorflow and tensorflow-gpu (also BAKEOFF_XLA=1)',
).helpGroup(optionGroups.computing);
/**
 * One more archive at hand: `PATH` is CIFAR-10's, `SOURCE=PATH` that of another source. The environment's one of
 * CIFAR-10 stands beside those of the command line.
 */
function addArchive(text: string, known: Readonly<Record<string, string>> = fromEnvironment()) {
  const [, source = 'cifar10', path = text] = /^([a-z][a-z0-9-]*)=(.*)$/.exec(text) ?? [];
  return path === '' ? known : { ...known, [source]: path };
}

function fromEnvironment(): Readonly<Record<string, string>> {
  const path = process.env['BAKEOFF_CIFAR10'];
  return path ? { cifar10: path } : {};
}

const archive = new Option(
  '--archive <[source=]path>',
  'archive to use instead of downloading it: the path of CIFAR-10’s .tar.gz, cifar100=PATH, or the folder with the four files of mnist=PATH or fashion-mnist=PATH; may be repeated',
)
  .env('BAKEOFF_CIFAR10')
  .argParser(addArchive)
  .helpGroup(optionGroups.images);
export const cache = new Option('--cache <dir>', 'folder for downloads')
  .default(cacheFolder(), '~/.cache/bakeoff')
  .env('BAKEOFF_CACHE')
  .helpGroup(optionGroups.images);
export const folder = new Option(
  '--folder <dir>',
  'with --plan: the folder that relative paths of the manifest start from (default: the working directory)',
).helpGroup(optionGroups.images);
const set = new Option(
  '--set <setting=value>',
  'another value of a setting, for every experiment, instead of what the manifest says; may be repeated',
)
  .argParser<readonly string[] | undefined>((text, before) => [...(before ?? []), text])
  .helpGroup(optionGroups.changes);
const seeds = new Option(
  '--seeds <n|list>',
  'so many seeds (3: 1, 2 and 3) or these (4,5) for every experiment',
).helpGroup(optionGroups.changes);
/** Options that change a manifest's settings for a try. */
export const changes = [set, seeds];
/** Options for the sources of a manifest. */
export const sources = [archive, cache];
export const port = new Option(
  '--port <n>',
  'port of the live page (default: the same each time for a manifest and a store)',
)
  .argParser(positiveInteger)
  .helpGroup(optionGroups.page);
export const force = new Option('--force', 'remove existing results and redo everything').helpGroup(
  optionGroups.results,
);
export const events = new Option('--json', 'print events as JSON lines; the last one is the result');
export const json = new Option('--json', 'print one JSON object');
export const prices = new Option('--prices <file>', 'price table for costs in dollars, instead of the built-in one');

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Allowed: a whole number, 1 or more.');
  return Number(text);
}
