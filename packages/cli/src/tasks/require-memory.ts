import { totalmem } from 'node:os';
import { UserError } from '@bakeoff/core';
import type { Task } from './task.ts';

/** The estimate is from above: most of it is enough. Below that part, measured trainings were ended by the system. */
const LEAST_PART = 0.9;

/**
 * Refuses a task that the system would end halfway, out of memory and without a word.
 * @throws UserError naming what there is and what it takes
 */
export function requireMemory(
  { work, label, memoryBytes }: Task,
  limitBytes = process.constrainedMemory(),
  machineBytes = totalmem(),
): void {
  // Without a limit the system reports none, or one beyond all memory.
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
