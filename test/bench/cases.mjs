// What is measured: the networks of the study that differ most, at common batch sizes.

/**
 * `compiles`: whether torch.compile is tried, which takes many minutes of compilation for 110 layers.
 * @type {Record<string, { title: string, model: object, compiles: boolean }>}
 */
export const networks = {
  cifarnet: { title: 'CIFARnet', model: { type: 'cifarnet' }, compiles: true },
  resnet20: { title: 'ResNet20', model: { type: 'resnet', blocks: [3, 3, 3], channels: [16, 32, 64] }, compiles: true },
  resnet110: {
    title: 'ResNet110',
    model: { type: 'resnet', blocks: [18, 18, 18], channels: [16, 32, 64] },
    compiles: false,
  },
};

/** Every network at every batch size, the cheap ones first. */
export function casesOf(batchSizes) {
  return Object.keys(networks).flatMap((network) =>
    batchSizes.map((batch) => ({ name: `${network}-${batch}`, network, batch })),
  );
}

/**
 * `train` is the whole step: the batch gathered from uint8 and normalized, forward, loss and correct answers read,
 * backward, Adam. `infer` is the batch, forward in evaluation mode, logits read.
 */
export const modes = ['train', 'infer'];

export const modeTitles = { train: 'Training step', infer: 'Inference' };

/** Forward, and backward for input and for weights: two operations per multiply-accumulate each. */
export function gflops(mode, macs, imagesPerSecond) {
  return (macs * 2 * (mode === 'train' ? 3 : 1) * imagesPerSecond) / 1e9;
}
