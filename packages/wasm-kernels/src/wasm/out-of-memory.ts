const START = 'Out of WASM memory';

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The error for a request that WASM's heap has no room for. */
export function outOfMemory(bytes: number, heapBytes: number): Error {
  return new Error(
    `${START}: ${mib(bytes)} more do not fit next to ${mib(heapBytes)} (limit 4 GiB). Use a smaller batch or model.`,
  );
}

/** Whether an error says that WASM's heap had no room for a tensor. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(START);
}
