import { randomBytes } from 'node:crypto';
import type { Clock } from '@bakeoff/core';

/** Sorts by start: `20260131T120000Z-1f2e3d4c`. The random part keeps attempts of one second on several machines apart. */
export function createAttemptId(clock: Clock): string {
  const time = new Date(clock.nowMs()).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}
