import { totalmem } from 'node:os';
import { UserError } from '@bakeoff/core';
import type { Task } from './task.ts';

/** The estimate is an upper bound, and this share of it is enough. With less, the system ended measured trainings. */
const LEAST_PART = 0.9;

/**
 * Refuses a task that would run out of memory, which the system would end halfway without a message.
 * @throws UserError naming the memory that exists and the memory that the task takes
 */
export function requireMemory(
  { work, label, memoryBytes }: Task,
  limitBytes = process.constrainedMemory(),
  machineBytes = totalmem(),
): void {
  // Without a limit, the system reports none, or one larger than the memory.
  const constrained = limitBytes > 0 && limitBytes < machineBytes;
  const available = constrained ? limitBytes : machineBytes;
  if (available >= memoryBytes * LEAST_PART) return;
  throw new UserError({
    what: `too little memory for ${work.stage} ${label}`,
    received: `${mib(available)} MiB${constrained ? ', the limit of this container' : ''}`,
    allowed: `about ${mib(memoryBytes)} MiB`,
    fix: constrained
      ? `give the container more (docker run --memory ${mib(memoryBytes)}m …)`
      : 'use a machine with more memory, or a smaller batchSize',
  });
}

function mib(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
