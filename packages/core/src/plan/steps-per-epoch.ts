/**
 * Optimizer steps in an epoch of `images` images. An incomplete last batch is used, as with PyTorch's drop_last=False;
 * but a last batch of a single image joins the batch before it, because batch normalization of one value has no
 * variance (PyTorch refuses it).
 */
export function stepsPerEpoch(images: number, batchSize: number): number {
  const batches = Math.ceil(images / batchSize);
  return batches > 1 && batchSize > 1 && images % batchSize === 1 ? batches - 1 : batches;
}
