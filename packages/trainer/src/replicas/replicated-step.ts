import { movesSize, type SafeTensor, UserError, viewsAreStored } from '@bakeoff/core';
import { Worker } from 'node:worker_threads';
import { replicableEngines } from '@bakeoff/engine';
import type { BatchScore } from '../batch-scores.ts';
import type { Batch, StepSetup, TrainingStep } from '../training-step.ts';
import { Rendezvous } from './rendezvous.ts';
import { Replica } from './replica.ts';
import type { ReplicaStart } from './run-replica.ts';
import { shareBounds } from './share-bounds.ts';
import { createSharedTraining, sharedBytes, type SharedTraining } from './shared-training.ts';

/** Next to this module in the sources, and next to its chunk in the bundle. */
const WORKER = './replica-worker.js';

/**
 * Steps divided among replicas. This thread is replica 0, whose network and optimizer are the run's; every other
 * replica is a thread with copies of both. All apply the same mean gradient, so that the copies stay equal. The running
 * statistics of batch norm are replica 0's: those of the others are never used.
 */
export class ReplicatedStep implements TrainingStep {
  private readonly shared: SharedTraining;
  private readonly own: Replica;
  private readonly rendezvous: Rendezvous;
  private workers: Worker[] = [];
  private scores: BatchScore[] = [];

  constructor(private readonly setup: StepSetup) {
    const {
      run: { recipe, seed },
      index: { imageShape },
      engine,
      labels,
      pixels,
      network,
      optimizer,
      loss,
    } = setup;
    const { replicas, batchSize, augmentation } = recipe;
    this.shared = createSharedTraining({
      replicas,
      images: labels.length,
      imageBytes: imageShape.reduce((product, extent) => product * extent, 1),
      // A single image left over joins the last batch.
      batch: batchSize + 1,
      moves: augmentation === null || viewsAreStored(augmentation) ? 0 : movesSize(imageShape),
      parameters: network.parameters.reduce((sum, { variable }) => sum + variable.size, 0),
    });
    this.shared.labels.set(labels);
    this.own = new Replica(this.shared, {
      rank: 0,
      seed,
      imageShape,
      pixels,
      network,
      optimizer,
      loss,
      memoryBytes: () => engine.memoryBytes(),
    });
    this.rendezvous = new Rendezvous(this.shared.signals, replicas);
  }

  hold(images: Uint8Array | null): void {
    if (images !== null) this.shared.images.set(images);
  }

  async run({ indices, moves, mixing, learningRate, step }: Batch): Promise<void> {
    const { shared, own, rendezvous } = this;
    this.startThreads();
    shared.batch.set(indices);
    if (mixing !== null) shared.partners.set(mixing.partners);
    if (moves !== null) shared.moves.set(moves);
    shared.bounds.set(shareBounds(indices.length, shared.replicas));
    shared.step.set([step, learningRate, mixing?.share ?? NaN]);
    rendezvous.give('step');
    own.backpropagate();
    await rendezvous.meetAsync();
    own.update();
    const [loss, correct] = [0, 1].map((figure) => shared.scores.reduce((sum, score) => sum + score[figure]!, 0)) as [
      number,
      number,
    ];
    this.scores.push({ images: indices.length, loss, correct });
    this.setup.stepped(step);
  }

  publish(): void {
    // Nothing is behind.
  }

  get unread(): number {
    return this.scores.length;
  }

  read(): BatchScore[] {
    const { scores } = this;
    this.scores = [];
    return scores;
  }

  async verify(): Promise<void> {
    if (this.workers.length === 0) return;
    this.rendezvous.give('verify');
    this.own.writeDigest();
    await this.rendezvous.meetAsync();
    const [first, ...others] = this.shared.digests.map((digest) => Buffer.from(digest).toString('hex'));
    const strayed = others.findIndex((digest) => digest !== first) + 1;
    if (strayed > 0)
      throw new Error(`replica ${strayed} of run ${this.setup.run.runId} no longer has the parameters of replica 0`);
  }

  memoryBytes(): number {
    const others = this.shared.scores.slice(1).reduce((sum, [, , bytes]) => sum + bytes!, 0);
    return this.setup.engine.memoryBytes() + others + sharedBytes(this.shared);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  /** Called at the first step, when network and optimizer hold the state that the copies start from. */
  private startThreads(): void {
    if (this.workers.length > 0) return;
    const {
      run: { recipe, seed },
      index,
      engine,
      pixels,
      network,
      optimizer,
      loss,
    } = this.setup;
    const { replicas } = recipe;
    const common = {
      seed,
      pixels,
      shared: this.shared,
      imageShape: index.imageShape,
      classes: index.classes.length,
      engine: engine.name,
      build: engine.build,
      recipe,
      loss,
      state: { network: shareTensors(network.state()), optimizer: shareTensors(optimizer.state()) },
    };
    this.workers = Array.from({ length: replicas - 1 }, (_, i) => this.startThread({ rank: i + 1, ...common }));
  }

  private startThread(start: ReplicaStart): Worker {
    const failed = (cause: string, error?: unknown): void =>
      this.rendezvous.fail(
        new Error(`replica ${start.rank} of run ${this.setup.run.runId} failed: ${cause}`, { cause: error }),
      );
    const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: start });
    worker.on('error', (error: unknown) => failed(error instanceof Error ? error.message : String(error), error));
    // After an error, this second failure is ignored. If the training has terminated the thread, nothing waits for it.
    worker.on('exit', (code) => failed(`its thread ended with exit code ${code}`));
    return worker;
  }
}

/** Copies tensors into shared memory, where threads read them without copies of their own. */
function shareTensors(state: Readonly<Record<string, SafeTensor>>): Record<string, SafeTensor> {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }]) => {
      const shared = new Float32Array(new SharedArrayBuffer(4 * data.length));
      shared.set(data);
      return [name, { shape, data: shared }];
    }),
  );
}

/** @throws UserError if the engine cannot train a run with replicas */
export function requireReplicableEngine({ run, engine }: Pick<StepSetup, 'run' | 'engine'>): void {
  const { replicas } = run.recipe;
  if (replicas === 1 || replicableEngines.includes(engine.name)) return;
  throw new UserError({
    what: `run ${run.runId} asks for replicas, which engine ${engine.name} does not have`,
    received: `replicas: ${replicas}`,
    allowed: `engine ${replicableEngines.join(' or ')}; or replicas: 1`,
    fix: 'use --engine wasm, or set replicas to 1: this engine uses all it has for one network',
  });
}
