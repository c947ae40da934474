import { UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { findNvidia } from './find-nvidia.ts';

/**
 * Checks for a GPU before any work of an engine that uses one.
 * @throws UserError saying why it has no GPU: the driver, the container's image or how it was started, or the instance.
 */
export async function requireGpu(engine: EngineName): Promise<void> {
  const { problem } = await findNvidia();
  if (problem === null) return;
  const { what, received, fix } = problem;
  throw new UserError({
    what: `the engine ${engine} finds no GPU: ${what}`,
    received,
    allowed: 'an NVIDIA GPU with its driver, passed to the container if there is one; for details: bakeoff doctor',
    fix,
  });
}
