export interface WindowAttributes {
  /** Rows and columns between neighboring windows. */
  stride: number;
  /** Zero rows and columns on every side, as in PyTorch. */
  padding: number;
}

/** Length of the output along one axis: floor((length + 2 * padding - size) / stride) + 1. */
function outputLength(length: number, size: number, stride: number, padding: number): number {
  return Math.floor((length + 2 * padding - size) / stride) + 1;
}

/** NHWC output shape of a convolution or pooling with symmetric padding. */
export function outputShape(
  inputShape: readonly number[],
  size: readonly [number, number],
  channels: number,
  stride: number,
  padding: number,
): [number, number, number, number] {
  const [batch = 0, height = 0, width = 0] = inputShape;
  return [
    batch,
    outputLength(height, size[0], stride, padding),
    outputLength(width, size[1], stride, padding),
    channels,
  ];
}
