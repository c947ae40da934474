import { UserError } from '@bakeoff/core';
import type { Task } from '../local/task.ts';
import { findNvidia } from './find-nvidia.ts';

/**
 * Before any work of the engine tensorflow-gpu.
 * @throws UserError saying why there is no GPU for it: the driver, the container's image and start, or the instance.
 */
export async function requireGpu(): Promise<void> {
  const { problem } = await findNvidia();
  if (problem === null) return;
  const { what, received, fix } = problem;
  throw new UserError({ what: `the engine tensorflow-gpu finds no GPU: ${what}`, received, allowed: 'an NVIDIA GPU and its driver, in a container also handed to it; see `bakeoff doctor`', fix });
}

/** The same before tasks are started in processes of their own, so that what asks for a GPU in vain stops before data is prepared. */
export async function requireGpuFor(tasks: readonly Task[], engine: string): Promise<void> {
  if (engine === 'tensorflow-gpu' && tasks.some(({ stage }) => stage === 'train' || stage === 'evaluate')) await requireGpu();
}
