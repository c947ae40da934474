/** A layer that cannot take its input: what is wrong, and what would fit. */
export class LayerMisfit extends Error {
  override readonly name = 'LayerMisfit';

  constructor(
    readonly what: string,
    readonly fits: { readonly received: string; readonly allowed: string; readonly fix: string },
  ) {
    super(`${what}: ${fits.received}; allowed: ${fits.allowed}`);
  }
}

/** A shape in a message. */
export const showShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
