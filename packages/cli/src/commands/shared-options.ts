import { homedir } from 'node:os';
import { join } from 'node:path';
import { engineNames } from '@bakeoff/engine/engines';
import { Argument, InvalidArgumentError, Option } from 'commander';

// What several commands take, said once.

export const manifest = (syntax: string): Argument => new Argument(syntax, 'manifest file (YAML or JSON)');

export const defaultCache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bakeoff');

export const jobs = new Option(
  '-j, --jobs <n>',
  'runs at a time (default: as many as keep every core busy, replicas counted, and fewer when memory asks)',
).argParser(positiveInteger);
export const engine = new Option('--engine <name>', 'what computes; auto takes the first that loads')
  .choices(['auto', ...engineNames])
  .default('auto')
  .env('BAKEOFF_ENGINE');
const archive = new Option('--archive <file>', 'CIFAR-10 binary archive at hand, instead of downloading it')
  .env('BAKEOFF_CIFAR10')
  .argParser((path) => path || undefined);
const cache = new Option('--cache <dir>', 'where downloads are kept')
  .default(defaultCache, '~/.cache/bakeoff')
  .env('BAKEOFF_CACHE');
/** For the sources of a manifest. */
export const sources = [archive, cache];
export const force = new Option('--force', 'remove the results that are there, and do everything again');
export const events = new Option('--json', 'print events as JSON lines; the last one is the result');
export const json = new Option('--json', 'print one JSON object');
export const prices = new Option('--prices <file>', 'price table for dollars, instead of the one that ships');

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Allowed: a whole number from 1.');
  return Number(text);
}
