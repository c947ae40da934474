/**
 * Memory that all replicas of a training share: views of SharedArrayBuffers, so that passing them to a thread copies
 * nothing.
 */
export interface SharedTraining {
  readonly replicas: number;
  /** Used by Rendezvous and Orders. */
  readonly signals: Int32Array;
  /** uint8 [n, h, w, c]: the current training images. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  /** The batch: positions among the images, in the batch's order. */
  readonly batch: Int32Array;
  /** With mixup, each image's partner in the batch's order, positions among the images. */
  readonly partners: Int32Array;
  /** How the batch's pixels move, `movesSize` values per image; empty if none of the run's do. */
  readonly moves: Int32Array;
  /** [replicas + 1]: replica r has the batch's images [bounds[r], bounds[r + 1]). */
  readonly bounds: Int32Array;
  /** The step's number and learning rate, and the share of its images when they are mixed; without mixup that is NaN. */
  readonly step: Float64Array;
  /**
   * For even and for odd steps, for every replica: the gradients of all parameters, one after another, of its share of
   * the batch's mean loss. Two steps are kept side by side, because one replica may have computed its gradients before
   * another has used those of the step before.
   */
  readonly gradients: readonly (readonly Float32Array[])[];
  /** For every replica: the summed loss and the correct answers of its share, and the bytes that its tensors use. */
  readonly scores: readonly Float64Array[];
  /** For every replica: the SHA-256 of its parameters and optimizer state. */
  readonly digests: readonly Uint8Array[];
}

export interface SharedSizes {
  readonly replicas: number;
  /** Training images. */
  readonly images: number;
  readonly imageBytes: number;
  /** Images of the largest batch. */
  readonly batch: number;
  /** Values per image that say how its pixels move; 0: they stay in place. */
  readonly moves: number;
  /** Trainable values. */
  readonly parameters: number;
}

const SIGNALS = 4;
const SHA256_BYTES = 32;

export function createSharedTraining(sizes: SharedSizes): SharedTraining {
  const { replicas, images, imageBytes, batch, moves, parameters } = sizes;
  const each = <T>(make: () => T): T[] => Array.from({ length: replicas }, make);
  return {
    replicas,
    signals: new Int32Array(new SharedArrayBuffer(4 * SIGNALS)),
    images: new Uint8Array(new SharedArrayBuffer(images * imageBytes)),
    labels: new Uint8Array(new SharedArrayBuffer(images)),
    batch: new Int32Array(new SharedArrayBuffer(4 * batch)),
    partners: new Int32Array(new SharedArrayBuffer(4 * batch)),
    moves: new Int32Array(new SharedArrayBuffer(4 * batch * moves)),
    bounds: new Int32Array(new SharedArrayBuffer(4 * (replicas + 1))),
    step: new Float64Array(new SharedArrayBuffer(8 * 3)),
    gradients: [0, 1].map(() => each(() => new Float32Array(new SharedArrayBuffer(4 * parameters)))),
    scores: each(() => new Float64Array(new SharedArrayBuffer(8 * 3))),
    digests: each(() => new Uint8Array(new SharedArrayBuffer(SHA256_BYTES))),
  };
}

export function sharedBytes({ images, gradients }: SharedTraining): number {
  return [images, ...gradients.flat()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
