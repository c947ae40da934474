import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 3000;

/** Waits until logs that are followed (`--follow`) should be read again. @throws AbortError when the command is ended */
export function nextLook(signal: AbortSignal): Promise<void> {
  return sleep(INTERVAL_MS, undefined, { signal });
}
