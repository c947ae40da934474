import type { CommandContext } from './command-context.ts';
import { displayUrl } from '../plans/display-url.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { openStore } from '../plans/open-store.ts';
import type { SourceOptions } from '../plans/load-plan.ts';
import { type StoreOptions, storeUrl } from '../plans/store-url.ts';
import { watchedPlan } from '../plans/watched-plan.ts';
import { startWatching } from '../watch/start-watching.ts';

export interface WatchOptions extends StoreOptions, SourceOptions {
  readonly port?: number;
}

/**
 * `bakeoff watch [MANIFEST]`: serves the report's page on this machine and keeps it up to date while runs go on, in
 * whatever process or on whatever machine, until it is stopped.
 */
export async function watchCommand(
  manifest: string | undefined,
  options: WatchOptions,
  context: CommandContext,
): Promise<number> {
  const store = await openStore(storeUrl(options));
  const plan = await watchedPlan(manifest, store, options, context);
  const watching = await startWatching(plan, store, options, context);
  context.output.write(`${watching.url}\n`);
  context.messages.write(`Watching ${plan.name} in ${displayUrl(store.url)}. Ctrl-C ends it; runs go on without it.\n`);
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) resolve();
    else context.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await watching.end();
  return ExitCode.done;
}
