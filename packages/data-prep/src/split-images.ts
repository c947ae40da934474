import { everySettingUsed, Random, UserError, type SplitSettings } from '@bakeoff/core';
import { samplingOrder } from './sampling-order.ts';

export interface Split {
  /** Ids of the images, ascending. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Divides a source's training images: validation is the beginning of a seeded order, and a training subset is its end.
 * A smaller subset of either is therefore part of every larger one, and neither count affects the other's images. The
 * order depends only on the labels and the split seed.
 * @throws UserError if the source has too few images for both.
 */
export function splitImages(
  labels: Uint8Array,
  classCount: number,
  { validation, train: wanted, stratified, seed, ...unused }: Omit<SplitSettings, 'onDuplicates'>,
): Split {
  everySettingUsed(unused);
  const left = labels.length - validation;
  const train = wanted ?? left;
  if (left < 1 || train < 1 || train > left) {
    throw new UserError({
      what: 'dataset: the source has too few images for this split',
      received: `train: ${wanted ?? 'all'}, validation: ${validation}`,
      allowed: `together 1 to ${labels.length} images, at least one of them for training`,
      fix: 'lower dataset.train or dataset.validation',
    });
  }
  const order = samplingOrder(labels, classCount, stratified, new Random(seed).split('split'));
  return { train: order.slice(order.length - train).sort(), validation: order.slice(0, validation).sort() };
}
