/** Memory that all replicas of a training see: views of SharedArrayBuffers, so that handing them to a thread copies nothing. */
export interface SharedTraining {
  readonly replicas: number;
  /** Of Rendezvous and Orders. */
  readonly signals: Int32Array;
  /** uint8 [n, h, w, c]: the images that are trained on now. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  /** The batch: positions among the images, in its order. */
  readonly batch: Int32Array;
  /** [replicas + 1]: replica r has the batch's images [bounds[r], bounds[r + 1]). */
  readonly bounds: Int32Array;
  /** The step's number and learning rate. */
  readonly step: Float64Array;
  /**
   * Of even and of odd steps, of every replica: all parameters' gradients, one after another, of its share's part of the batch's mean loss. Two steps'
   * side by side, as a replica may have those of a step before another has used those of the last.
   */
  readonly gradients: readonly (readonly Float32Array[])[];
  /** Of every replica: summed loss and right answers of its share, bytes its tensors take. */
  readonly scores: readonly Float64Array[];
  /** Of every replica: the SHA-256 of its parameters and optimizer state. */
  readonly digests: readonly Uint8Array[];
}

export interface SharedSizes {
  readonly replicas: number;
  /** Training images. */
  readonly images: number;
  readonly imageBytes: number;
  /** Images of the largest batch. */
  readonly batch: number;
  /** Trainable values. */
  readonly parameters: number;
}

const SIGNALS = 4;
const SHA256_BYTES = 32;

export function createSharedTraining({ replicas, images, imageBytes, batch, parameters }: SharedSizes): SharedTraining {
  const each = <T>(make: () => T): T[] => Array.from({ length: replicas }, make);
  return {
    replicas,
    signals: new Int32Array(new SharedArrayBuffer(4 * SIGNALS)),
    images: new Uint8Array(new SharedArrayBuffer(images * imageBytes)),
    labels: new Uint8Array(new SharedArrayBuffer(images)),
    batch: new Int32Array(new SharedArrayBuffer(4 * batch)),
    bounds: new Int32Array(new SharedArrayBuffer(4 * (replicas + 1))),
    step: new Float64Array(new SharedArrayBuffer(8 * 2)),
    gradients: [0, 1].map(() => each(() => new Float32Array(new SharedArrayBuffer(4 * parameters)))),
    scores: each(() => new Float64Array(new SharedArrayBuffer(8 * 3))),
    digests: each(() => new Uint8Array(new SharedArrayBuffer(SHA256_BYTES))),
  };
}

export function sharedBytes({ images, gradients }: SharedTraining): number {
  return [images, ...gradients.flat()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
