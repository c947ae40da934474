import type { Clock } from '@bakeoff/core';

export const systemClock: Clock = { nowMs: () => Date.now(), elapsedMs: () => performance.now() };
