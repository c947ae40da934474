import { Random, sha256 } from '@bakeoff/core';
import { kernels } from '@bakeoff/model';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { backpropagate } from '../backpropagate.ts';
import { BatchScores } from '../batch-scores.ts';
import type { StepSetup } from '../training-step.ts';
import type { SharedTraining } from './shared-training.ts';

/** Gradients that are added up at a time: their sums stay in the processor's cache. */
const CHUNK = 4096;

/** What a replica computes with: its thread's own. */
export interface ReplicaSetup extends Pick<StepSetup, 'pixels' | 'network' | 'optimizer'> {
  readonly rank: number;
  readonly seed: number;
  readonly imageShape: StepSetup['index']['imageShape'];
  readonly memoryBytes: () => number;
}

/**
 * One of the copies of a network that a data-parallel training keeps equal. A step is `backpropagate`, then, when all are that far, `average`, and,
 * when all are that far, `update`. As in PyTorch's DistributedDataParallel batch norm sees a replica's own share alone.
 */
export class Replica {
  private readonly scores = new BatchScores();
  private readonly seed: number;
  private readonly sums = new Float64Array(CHUNK);
  private step = 0;
  private learningRate = 0;

  constructor(
    private readonly shared: SharedTraining,
    private readonly setup: ReplicaSetup,
  ) {
    // Each draws dropout masks of its own, a function of seed, replica, step, layer and element. Replica 0's stream is that of a training without replicas.
    this.seed = setup.rank === 0 ? setup.seed : new Random(setup.seed).split('replica', setup.rank).uint32();
  }

  /** Gradients and scores of this replica's share into shared memory. */
  backpropagate(): void {
    const { shared, setup: { rank, network } } = this;
    // Kept, as the next step's may be written before the update of this one.
    [this.step, this.learningRate] = shared.step as unknown as [number, number];
    const indices = shared.batch.slice(shared.bounds[rank], shared.bounds[rank + 1]);
    if (indices.length === 0) return this.writeScore(0, 0);
    const { gradients, scores } = backpropagate(network, { input: this.gather(indices), labels: shared.labels, indices }, { seed: this.seed, step: this.step });
    let at = 0;
    for (const { name } of network.parameters) {
      const gradient = gradients.get(name) as Tensor;
      shared.gradients[rank]?.set(gradient.dataSync(), at);
      at += gradient.size;
      gradient.dispose();
    }
    this.scores.add(scores);
    for (const { loss, correct } of this.scores.read()) this.writeScore(loss, correct);
  }

  /** This replica's part of the mean gradient: every share counts by its images, in the order of replicas, in float64. */
  average(): void {
    const { gradients, mean, bounds, replicas } = this.shared;
    const { rank } = this.setup;
    const shares = gradients.map((values, replica) => ({ values, images: (bounds[replica + 1] as number) - (bounds[replica] as number) })).filter(({ images }) => images > 0);
    const [start, end] = [rank, rank + 1].map((part) => Math.floor((mean.length * part) / replicas)) as [number, number];
    for (let from = start; from < end; from += CHUNK) {
      const to = Math.min(from + CHUNK, end);
      this.sums.fill(0);
      for (const { values, images } of shares) addWeighted(this.sums, values.subarray(from, to), images / (bounds[replicas] as number));
      mean.set(this.sums.subarray(0, to - from), from);
    }
  }

  /** The optimizer's step by the mean gradient, the same in every replica. */
  update(): void {
    const { network, optimizer } = this.setup;
    const gradients = new Map<string, Tensor>();
    let at = 0;
    for (const { name, variable: { shape, size } } of network.parameters) {
      // A copy by `set`, as `slice` of shared memory is several times slower.
      const values = new Float32Array(size);
      values.set(this.shared.mean.subarray(at, at + size));
      gradients.set(name, tensor(values, shape, 'float32'));
      at += size;
    }
    optimizer.update(gradients, this.learningRate, this.step);
    for (const gradient of gradients.values()) gradient.dispose();
  }

  /** SHA-256 of parameters and optimizer state, which all replicas must have in common, into shared memory. */
  writeDigest(): void {
    const { rank, network, optimizer } = this.setup;
    const values = [...network.parameters.map(({ variable }) => variable.dataSync()), ...Object.values(optimizer.state()).map(({ data }) => data)];
    const digest = sha256(values.map(({ buffer, byteOffset, byteLength }) => sha256(new Uint8Array(buffer, byteOffset, byteLength))).join());
    this.shared.digests[rank]?.set(Buffer.from(digest, 'hex'));
  }

  /** Copies the share's pixels out of shared memory: no replica holds the training images a second time. */
  private gather(indices: Int32Array): ReturnType<typeof kernels.gatherImages> {
    const { imageShape, pixels } = this.setup;
    const imageBytes = imageShape.reduce((product, extent) => product * extent, 1);
    const bytes = new Uint8Array(indices.length * imageBytes);
    indices.forEach((index, i) => bytes.set(this.shared.images.subarray(index * imageBytes, (index + 1) * imageBytes), i * imageBytes));
    const images = kernels.uploadImages(bytes, [indices.length, ...imageShape]);
    const input = kernels.gatherImages(images, Int32Array.from(indices, (_, i) => i), pixels);
    images.dispose();
    return input;
  }

  private writeScore(loss: number, correct: number): void {
    this.shared.scores[this.setup.rank]?.set([loss, correct, this.setup.memoryBytes()]);
  }
}


/** A function of its own, as it is optimized by itself. */
function addWeighted(sums: Float64Array, values: Float32Array, weight: number): void {
  for (let i = 0; i < values.length; i++) sums[i] = (sums[i] as number) + weight * (values[i] as number);
}
