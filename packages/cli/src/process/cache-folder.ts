import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads are kept unless `--cache` names another folder, and what the command line remembers. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bakeoff');
}
