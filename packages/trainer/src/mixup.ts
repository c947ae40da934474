import { everySettingUsed, type MixupConfig, Random } from '@bakeoff/core';
import type { EngineImages } from '@bakeoff/model';
import { mixImages } from '@bakeoff/kernels';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** How the images of a batch are mixed: image i becomes share · image i + (1 − share) · its partner. */
export interface Mixing {
  /** A float32 in [0, 1]. */
  readonly share: number;
  /** Positions among the training images, a reordering of the batch's. */
  readonly partners: Int32Array;
}

/** A batch, or a replica's share of one, by positions among the training images. */
export interface BatchImages {
  readonly indices: Int32Array;
  /** null: as they are. */
  readonly mixing: Mixing | null;
}

/**
 * The logarithm of a gamma variate of shape `alpha`: Marsaglia and Tsang 2000, for alpha + 1, and their step down to
 * alpha, in logarithms, because small shapes give numbers below the smallest.
 */
function logGamma(alpha: number, random: Random): number {
  const d = alpha + 1 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v))
      return Math.log(d * v) + Math.log(1 - random.uniform()) / alpha;
  }
}

/**
 * Mixup of a whole batch (Zhang et al. 2018, arXiv:1710.09412): one share from Beta(alpha, alpha), and partners by a
 * permutation. A pure function of seed, epoch, step and batch: replicas do not change it, and resuming needs no state.
 * @param step counts from 1
 */
export function drawMixing(
  { alpha, ...unused }: NonNullable<MixupConfig>,
  { seed, epoch, step }: { readonly seed: number; readonly epoch: number; readonly step: number },
  indices: Int32Array,
): Mixing {
  everySettingUsed(unused);
  const random = new Random(seed).split('mixup', epoch, step);
  const share = Math.fround(1 / (1 + Math.exp(logGamma(alpha, random) - logGamma(alpha, random))));
  return { share, partners: random.permutation(indices.length).map((place) => indices[place]!) };
}

/** The images of a batch as the network sees them, float32 [n, height, width, channels]; the caller disposes it. */
export function gatherBatch(images: Pick<EngineImages, 'batch'>, { indices, mixing }: BatchImages): Tensor4D {
  const first = images.batch(indices);
  if (mixing === null) return first;
  const second = images.batch(mixing.partners);
  const mixed = mixImages(first, second, mixing.share);
  for (const tensor of [first, second]) tensor.dispose();
  return mixed;
}
