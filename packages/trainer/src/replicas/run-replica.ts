import type { SafeTensor } from '@bakeoff/core';
import { createNetwork } from '@bakeoff/model';
import { type EngineName, type EngineOptions, loadEngine } from '@bakeoff/engine';
import { workerData } from 'node:worker_threads';
import { createOptimizer } from '../optimizers/registry.ts';
import type { StepRecipe } from '../training-step.ts';
import { Rendezvous } from './rendezvous.ts';
import { Replica, type ReplicaSetup } from './replica.ts';
import type { SharedTraining } from './shared-training.ts';

interface ReplicaState {
  readonly network: Readonly<Record<string, SafeTensor>>;
  readonly optimizer: Readonly<Record<string, SafeTensor>>;
}

/** The data that a thread starts with. */
export interface ReplicaStart extends Pick<ReplicaSetup, 'rank' | 'seed' | 'pixels' | 'imageShape' | 'loss'> {
  readonly engine: EngineName;
  /** Replica 0's build, because another would round differently. */
  readonly build: EngineOptions['build'];
  readonly recipe: StepRecipe;
  readonly classes: number;
  /** The state to start from, in memory that all replicas share; each replica drops its reference. */
  state: ReplicaState | undefined;
  readonly shared: SharedTraining;
}

/**
 * The whole life of a replica's thread: it follows orders until it is terminated. An error ends it and is reported to
 * replica 0.
 */
async function runReplica(start: ReplicaStart): Promise<never> {
  const { rank, seed, pixels, imageShape, shared, recipe, loss } = start;
  const engine = await loadEngine(start.engine, { build: start.build });
  const network = createNetwork(recipe.model, { imageShape, classes: start.classes });
  const optimizer = createOptimizer(recipe, network.parameters);
  network.loadState(start.state?.network ?? {}, 'state of replica 0');
  optimizer.loadState(start.state?.optimizer ?? {});
  start.state = undefined;
  const replica = new Replica(shared, {
    rank,
    seed,
    pixels,
    imageShape,
    network,
    optimizer,
    loss,
    memoryBytes: () => engine.memoryBytes(),
  });
  const rendezvous = new Rendezvous(shared.signals, shared.replicas);
  for (;;) {
    if (rendezvous.awaitOrder() === 'verify') {
      replica.writeDigest();
      rendezvous.meet();
    } else {
      replica.backpropagate();
      rendezvous.meet();
      replica.update();
    }
  }
}

await runReplica(workerData as ReplicaStart);
