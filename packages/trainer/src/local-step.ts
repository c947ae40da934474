import { movesSize } from '@bakeoff/core';
import { EngineImages } from '@bakeoff/model';
import { backpropagate } from './backpropagate.ts';
import { type BatchScore, BatchScores, type DeviceScore } from './batch-scores.ts';
import { movesAt } from './batch-moves.ts';
import { gatherBatch } from './mixup.ts';
import { TrainingLoss } from './training-loss.ts';
import type { Batch, StepSetup, TrainingStep } from './training-step.ts';

/**
 * Steps in this thread. The training images are on the device as uint8; a batch becomes float32 when it is gathered.
 */
export class LocalStep implements TrainingStep {
  protected readonly scores = new BatchScores();
  private images: EngineImages | undefined;

  private readonly loss: TrainingLoss;

  constructor(protected readonly setup: StepSetup) {
    this.loss = new TrainingLoss(setup.labels, setup.loss);
  }

  hold(images: Uint8Array | null): void {
    if (images === null) return;
    this.images?.dispose();
    const { labels, index, pixels } = this.setup;
    this.images = new EngineImages(images, [labels.length, ...index.imageShape], pixels);
  }

  run(batch: Batch): Promise<void> {
    this.scores.add(this.compute(batch));
    return Promise.resolve();
  }

  publish(): void {
    // Nothing is behind.
  }

  get unread(): number {
    return this.scores.unread;
  }

  read(): BatchScore[] {
    return this.scores.read();
  }

  verify(): Promise<void> {
    return Promise.resolve();
  }

  memoryBytes(): number {
    return this.setup.engine.memoryBytes();
  }

  /** The step itself, which changes nothing but tensors; the caller disposes the scores. */
  protected compute(batch: Batch): DeviceScore {
    const { run, index, network, optimizer, stepped } = this.setup;
    const { images } = this;
    if (images === undefined) throw new Error('a step needs images: call hold first');
    const { learningRate, step } = batch;
    const input = gatherBatch(
      { batch: (places) => images.batch(places, movesAt(places, batch, movesSize(index.imageShape))) },
      batch,
    );
    const pass = { seed: run.seed, step };
    const { gradients, scores } = backpropagate(network, { input, images: batch }, this.loss, pass);
    optimizer.update(gradients, learningRate, step);
    for (const gradient of gradients.values()) gradient.dispose();
    stepped(step);
    return scores;
  }

  dispose(): Promise<void> {
    this.scores.dispose();
    this.images?.dispose();
    return Promise.resolve();
  }
}
