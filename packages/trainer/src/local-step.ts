import { EngineImages } from '@bakeoff/model';
import { backpropagate } from './backpropagate.ts';
import { type BatchScore, BatchScores } from './batch-scores.ts';
import { gatherBatch } from './mixup.ts';
import { TrainingLoss } from './training-loss.ts';
import type { Batch, StepSetup, TrainingStep } from './training-step.ts';

/**
 * Steps in this thread. The training images are on the device as uint8; a batch becomes float32 when it is gathered.
 */
export class LocalStep implements TrainingStep {
  private readonly scores = new BatchScores();
  private images: EngineImages | undefined;

  private readonly loss: TrainingLoss;

  constructor(private readonly setup: StepSetup) {
    this.loss = new TrainingLoss(setup.labels, setup.loss);
  }

  hold(images: Uint8Array | null): void {
    if (images === null) return;
    this.images?.dispose();
    const { labels, index, pixels } = this.setup;
    this.images = new EngineImages(images, [labels.length, ...index.imageShape], pixels);
  }

  run({ learningRate, step, ...images }: Batch): Promise<void> {
    const { run, network, optimizer } = this.setup;
    if (this.images === undefined) throw new Error('a step needs images: call hold first');
    const input = gatherBatch(this.images, images);
    const { gradients, scores } = backpropagate(network, { input, images }, this.loss, { seed: run.seed, step });
    this.scores.add(scores);
    optimizer.update(gradients, learningRate, step);
    for (const gradient of gradients.values()) gradient.dispose();
    return Promise.resolve();
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

  dispose(): Promise<void> {
    this.scores.dispose();
    this.images?.dispose();
    return Promise.resolve();
  }
}
