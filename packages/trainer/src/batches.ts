import { Random, type Recipe, stepsPerEpoch } from '@bakeoff/core';

/** How an epoch's images are divided into batches (see `stepsPerEpoch` for the last one). */
export class BatchPlan {
  readonly stepsPerEpoch: number;

  constructor(
    readonly images: number,
    readonly batchSize: number,
  ) {
    this.stepsPerEpoch = stepsPerEpoch(images, batchSize);
  }

  /** Positions [from, to), in the epoch's order, of batch `position` (from 0). */
  range(position: number): readonly [number, number] {
    return [
      position * this.batchSize,
      position === this.stepsPerEpoch - 1 ? this.images : (position + 1) * this.batchSize,
    ];
  }
}

/**
 * The order in which epoch `epoch` (from 1) shows the training images, as many as there are. It is a pure function of
 * seed, epoch and labels, so resuming needs no generator state.
 */
export function epochOrder(
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
  labels: Uint8Array,
  sampling: Recipe['sampling'],
): Int32Array {
  const random = new Random(seed).split('shuffle', epoch);
  return sampling === 'shuffled' ? random.permutation(labels.length) : balancedOrder(random, labels);
}

/**
 * Every class that has images equally often, to one image: classes drawn at random get one more where the images do not
 * divide evenly. Within a class, no image comes again before all others of the class have come as often.
 */
function balancedOrder(random: Random, labels: Uint8Array): Int32Array {
  const members = new Map<number, number[]>();
  labels.forEach((label, place) => {
    const known = members.get(label);
    if (known === undefined) members.set(label, [place]);
    else known.push(place);
  });
  const classes = [...members.keys()].sort((a, b) => a - b);
  const rounds = Math.floor(labels.length / classes.length);
  const luck = random.split('larger classes').permutation(classes.length);
  const drawn = classes.flatMap((label, i) => {
    const places = members.get(label)!;
    const count = rounds + (luck[i]! < labels.length % classes.length ? 1 : 0);
    const repeats = Array.from({ length: Math.ceil(count / places.length) }, (_, repeat) =>
      Array.from(random.split('class', label, repeat).permutation(places.length), (at) => places[at]!),
    );
    return repeats.flat().slice(0, count);
  });
  return random.permutation(drawn.length).map((at) => drawn[at]!);
}
