import { homedir } from 'node:os';
import { join } from 'node:path';
import { engineNames } from '@bakeoff/engine/engines';
import { Argument, InvalidArgumentError, Option } from 'commander';

// Arguments and options that several commands share.

export const manifest = (syntax: string): Argument => new Argument(syntax, 'manifest file (YAML or JSON)');

export const defaultCache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bakeoff');

export const jobs = new Option(
  '-j, --jobs <n>',
  'number of runs at a time (default: enough to keep every core busy, counting replicas, but no more than fit in memory)',
).argParser(positiveInteger);
export const engine = new Option('--engine <name>', 'what computes; auto takes the first engine that loads')
  .choices(['auto', ...engineNames])
  .default('auto')
  .env('BAKEOFF_ENGINE');
const archive = new Option('--archive <file>', 'local CIFAR-10 binary archive to use instead of downloading it')
  .env('BAKEOFF_CIFAR10')
  .argParser((path) => path || undefined);
const cache = new Option('--cache <dir>', 'folder for downloads')
  .default(defaultCache, '~/.cache/bakeoff')
  .env('BAKEOFF_CACHE');
/** Options for the sources of a manifest. */
export const sources = [archive, cache];
export const force = new Option('--force', 'remove existing results and redo everything');
export const events = new Option('--json', 'print events as JSON lines; the last one is the result');
export const json = new Option('--json', 'print one JSON object');
export const prices = new Option('--prices <file>', 'price table for costs in dollars, instead of the built-in one');

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Allowed: a whole number, 1 or more.');
  return Number(text);
}
