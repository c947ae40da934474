import { UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { findNvidia } from './find-nvidia.ts';

/**
 * Before any work of an engine that uses a GPU.
 * @throws UserError saying why there is no GPU for it: the driver, the container's image and start, or the instance.
 */
export async function requireGpu(engine: EngineName): Promise<void> {
  const { problem } = await findNvidia();
  if (problem === null) return;
  const { what, received, fix } = problem;
  throw new UserError({
    what: `the engine ${engine} finds no GPU: ${what}`,
    received,
    allowed:
      'an NVIDIA GPU with its driver, handed on to the container where there is one; `bakeoff doctor` tells more',
    fix,
  });
}
