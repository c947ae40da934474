import type { StageContext } from '@bakeoff/core';
import type { InstanceMetadata } from './instance-metadata.ts';

/** The notice comes two minutes ahead; AWS recommends checking every five seconds. */
const POLL_INTERVAL_MS = 5000;

export interface SpotWatch {
  /** Aborted once EC2 has announced that it will reclaim the instance. */
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * Watches for `spot/instance-action`, which is absent until EC2 announces that it will stop or terminate the instance.
 */
export function watchForSpotNotice(
  metadata: InstanceMetadata,
  log: StageContext['log'],
  intervalMs = POLL_INTERVAL_MS,
): SpotWatch {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const notice = await metadata.read('spot/instance-action');
    if (stopped) return;
    if (notice === undefined) {
      timer = setTimeout(() => void look(), intervalMs);
      timer.unref();
      return;
    }
    log({ type: 'warning', text: `EC2 is reclaiming this Spot instance (${notice}): writing a checkpoint` });
    controller.abort();
  };
  void look();
  return {
    signal: controller.signal,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
