import { movesSize, Random, sha256 } from '@bakeoff/core';
import { EngineImages, placesInOrder } from '@bakeoff/model';
import { readFloats } from '@bakeoff/kernels';
import { addN, tensor1d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { type BatchImages, gatherBatch } from '../mixup.ts';
import { TrainingLoss } from '../training-loss.ts';
import { backpropagate } from '../backpropagate.ts';
import { movesAt } from '../batch-moves.ts';
import { BatchScores } from '../batch-scores.ts';
import type { StepSetup } from '../training-step.ts';
import type { SharedTraining } from './shared-training.ts';

/** What a replica computes with; each belongs to the replica's thread. */
export interface ReplicaSetup extends Pick<StepSetup, 'pixels' | 'network' | 'optimizer' | 'loss'> {
  readonly rank: number;
  readonly seed: number;
  readonly imageShape: StepSetup['index']['imageShape'];
  readonly memoryBytes: () => number;
}

/**
 * One of the copies of a network that a data-parallel training keeps equal. A step is `backpropagate` and then, when
 * all replicas have finished that, `update`. As in PyTorch's DistributedDataParallel, batch norm sees only a replica's
 * own share.
 */
export class Replica {
  private readonly scores = new BatchScores();
  private readonly loss: TrainingLoss;
  private readonly seed: number;
  private step = 0;
  private learningRate = 0;
  private shares: readonly Float32Array[] = [];

  constructor(
    private readonly shared: SharedTraining,
    private readonly setup: ReplicaSetup,
  ) {
    this.loss = new TrainingLoss(shared.labels, setup.loss);
    // Each replica draws its own dropout masks, a function of seed, replica, step, layer and element. Replica 0's
    // stream is that of a training without replicas.
    this.seed = setup.rank === 0 ? setup.seed : new Random(setup.seed).split('replica', setup.rank).uint32();
  }

  /** Writes the gradients and scores of this replica's share into shared memory. */
  backpropagate(): void {
    const {
      shared,
      setup: { rank, network },
    } = this;
    // Kept, because the next step's may be written before this step's update.
    let share: number;
    [this.step, this.learningRate, share] = shared.step as unknown as [number, number, number];
    const bounds = [...shared.bounds];
    const [from, to] = [bounds[rank]!, bounds[rank + 1]!];
    const gradientsOfStep = shared.gradients[this.step % 2]!;
    this.shares = gradientsOfStep.filter((_, replica) => bounds[replica] !== bounds[replica + 1]);
    if (from === to) return this.writeScore(0, 0);
    const images: BatchImages = {
      indices: shared.batch.slice(from, to),
      mixing: Number.isNaN(share) ? null : { share, partners: shared.partners.slice(from, to) },
    };
    const whole = shared.batch.slice(0, bounds[shared.replicas]);
    const moves = shared.moves.length === 0 ? null : shared.moves;
    const gather = (places: Int32Array) =>
      this.gather(places, movesAt(places, { indices: whole, moves }, movesSize(this.setup.imageShape)));
    const batch = { input: gatherBatch({ batch: gather }, images), images, whole };
    const { gradients, scores } = backpropagate(network, batch, this.loss, { seed: this.seed, step: this.step });
    const ordered = network.parameters.map(({ name }) => gradients.get(name)!);
    readFloats(ordered, gradientsOfStep[rank]!);
    for (const gradient of ordered) gradient.dispose();
    this.scores.add(scores);
    for (const { loss, correct } of this.scores.read()) this.writeScore(loss, correct);
  }

  /**
   * The optimizer's step along the mean gradient over the batch. Every replica computes that gradient itself, adding
   * shares in the order of replicas.
   */
  update(): void {
    const {
      network: { parameters },
      optimizer,
    } = this.setup;
    let from = 0;
    const gradients = new Map(
      parameters.map(({ name, variable: { size } }) => {
        const to = from + size;
        const mean = tidy(() => addN(this.shares.map((share) => tensor1d(share.subarray(from, to)))));
        from = to;
        return [name, mean];
      }),
    );
    optimizer.update(gradients, this.learningRate, this.step);
    for (const gradient of gradients.values()) gradient.dispose();
  }

  /** Writes the SHA-256 of parameters and optimizer state, which must be equal in all replicas, into shared memory. */
  writeDigest(): void {
    const { rank, network, optimizer } = this.setup;
    const values = [
      ...network.parameters.map(({ variable }) => variable.dataSync()),
      ...Object.values(optimizer.state()).map(({ data }) => data),
    ];
    const digest = sha256(
      values.map(({ buffer, byteOffset, byteLength }) => sha256(new Uint8Array(buffer, byteOffset, byteLength))).join(),
    );
    this.shared.digests[rank]?.set(Buffer.from(digest, 'hex'));
  }

  /** Copies the share's pixels out of shared memory, so that no replica holds a second copy of the training images. */
  private gather(indices: Int32Array, moves: Int32Array | null): Tensor4D {
    const { imageShape, pixels } = this.setup;
    const imageBytes = imageShape.reduce((product, extent) => product * extent, 1);
    const bytes = new Uint8Array(indices.length * imageBytes);
    indices.forEach((index, i) =>
      bytes.set(this.shared.images.subarray(index * imageBytes, (index + 1) * imageBytes), i * imageBytes),
    );
    const images = new EngineImages(bytes, [indices.length, ...imageShape], pixels);
    const input = images.batch(placesInOrder(0, indices.length, indices.length), moves);
    images.dispose();
    return input;
  }

  private writeScore(loss: number, correct: number): void {
    this.shared.scores[this.setup.rank]?.set([loss, correct, this.setup.memoryBytes()]);
  }
}
