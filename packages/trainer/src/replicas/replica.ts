import { encodeSafetensors, Random, sha256 } from '@bakeoff/core';
import { kernels } from '@bakeoff/model';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { backpropagate } from '../backpropagate.ts';
import { BatchScores } from '../batch-scores.ts';
import type { StepSetup } from '../training-step.ts';
import type { SharedTraining } from './shared-training.ts';

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
    const sharing = gradients.map((values, replica) => ({ values, images: (bounds[replica + 1] as number) - (bounds[replica] as number) })).filter(({ images }) => images > 0);
    const batch = bounds[replicas] as number;
    const weights = sharing.map(({ images }) => images / batch);
    const [from, to] = [rank, rank + 1].map((part) => Math.floor((mean.length * part) / replicas)) as [number, number];
    for (let i = from; i < to; i++) {
      let sum = 0;
      for (let s = 0; s < sharing.length; s++) sum += (sharing[s] as { values: Float32Array }).values[i] as number * (weights[s] as number);
      mean[i] = sum;
    }
  }

  /** The optimizer's step by the mean gradient, the same in every replica. */
  update(): void {
    const { network, optimizer } = this.setup;
    const gradients = new Map<string, Tensor>();
    let at = 0;
    for (const { name, variable: { shape, size } } of network.parameters) {
      gradients.set(name, tensor(this.shared.mean.slice(at, at + size), shape, 'float32'));
      at += size;
    }
    optimizer.update(gradients, this.learningRate, this.step);
    for (const gradient of gradients.values()) gradient.dispose();
  }

  /** SHA-256 of parameters and optimizer state, which all replicas must have in common, into shared memory. */
  writeDigest(): void {
    const { rank, network, optimizer } = this.setup;
    const parameters = network.parameters.map(({ name, variable }) => [name, { shape: variable.shape, data: variable.dataSync() as Float32Array }] as const);
    const digest = sha256(encodeSafetensors({ ...Object.fromEntries(parameters), ...optimizer.state() }));
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

