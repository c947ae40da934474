import type { Plan, StageContext, Store } from '@bakeoff/core';
import { liveAddress } from './live-address.ts';
import { serveLive } from './live-server.ts';
import { WatchedStudy } from './watched-study.ts';

export interface WatchingOptions {
  /** Folder of what outlives processes. */
  readonly cache: string;
  /** Absent: one that follows from the study. */
  readonly port?: number;
}

/** Serves the live page of a study. `end` shows what was written last, and closes it. */
export async function startWatching(
  plan: Plan,
  store: Store,
  { cache, port }: WatchingOptions,
  { clock }: Pick<StageContext, 'clock'>,
): Promise<{ readonly url: string; readonly end: () => Promise<void> }> {
  // It ends by `end`, not by the signal: pages are to show what a stopped run has left.
  const { signal } = new AbortController();
  const study = new WatchedStudy({ store, clock, signal, log: () => undefined }, plan);
  const address = await liveAddress(cache, store.url, plan.name);
  const server = await serveLive(study, { ...address, port: port ?? address.port }, port !== undefined);
  return {
    url: server.url,
    end: async () => {
      await study.refresh().catch(() => undefined);
      await server.close();
    },
  };
}
