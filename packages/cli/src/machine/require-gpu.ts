import { UserError } from '@bakeoff/core';
import { findNvidia } from './find-nvidia.ts';

/**
 * Before any work of the engine tensorflow-gpu.
 * @throws UserError saying why there is no GPU for it: the driver, the container's image and start, or the instance.
 */
export async function requireGpu(): Promise<void> {
  const { problem } = await findNvidia();
  if (problem === null) return;
  const { what, received, fix } = problem;
  throw new UserError({
    what: `the engine tensorflow-gpu finds no GPU: ${what}`,
    received,
    allowed:
      'an NVIDIA GPU with its driver, handed on to the container where there is one; `bakeoff doctor` tells more',
    fix,
  });
}
