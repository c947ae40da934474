import { isOutOfMemory as isTensorflowOutOfMemory } from '@bakeoff/tensorflow-kernels';

/** Whether an engine had no memory left for a tensor: a GPU's, the processor's, or WASM's heap. */
export function isOutOfMemory(error: unknown): boolean {
  return isTensorflowOutOfMemory(error) || (error instanceof Error && error.message.startsWith('Out of WASM memory'));
}
