import { randomBytes } from 'node:crypto';
import type { Clock } from '@bakeoff/core';

/**
 * Sorts by start time: `20260131T120000Z-1f2e3d4c`. The random part distinguishes attempts that start in the same
 * second.
 */
export function createAttemptId(clock: Clock): string {
  const time = new Date(clock.nowMs()).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}
