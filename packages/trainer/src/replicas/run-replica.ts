import type { ModelConfig, OptimizerConfig, SafeTensor } from '@bakeoff/core';
import { createNetwork } from '@bakeoff/model';
import { type EngineName, type EngineOptions, loadEngine } from '@bakeoff/model/engine';
import { workerData } from 'node:worker_threads';
import { createOptimizer } from '../optimizer.ts';
import { Rendezvous } from './rendezvous.ts';
import { Replica, type ReplicaSetup } from './replica.ts';
import type { SharedTraining } from './shared-training.ts';

/** What a thread is started with. */
export interface ReplicaStart extends Pick<ReplicaSetup, 'rank' | 'seed' | 'pixels' | 'imageShape'> {
  readonly engine: EngineName;
  /** Replica 0's build of the WASM kernels, as another would round differently. */
  readonly wasmBuild: EngineOptions['wasmBuild'];
  readonly model: ModelConfig;
  readonly classes: number;
  readonly optimizer: OptimizerConfig;
  /** The state to start from. */
  readonly networkState: Readonly<Record<string, SafeTensor>>;
  readonly optimizerState: Readonly<Record<string, SafeTensor>>;
  readonly shared: SharedTraining;
}

/** The whole life of a replica's thread: it follows orders until it is terminated; an error ends it and reaches replica 0. */
async function runReplica({ engine: name, wasmBuild, model, classes, optimizer: config, networkState, optimizerState, shared, ...setup }: ReplicaStart): Promise<never> {
  const engine = await loadEngine(name, { wasmBuild });
  const network = createNetwork(model, { imageShape: setup.imageShape, classes });
  network.loadState(networkState, 'state of replica 0');
  const optimizer = createOptimizer(config, network.parameters);
  optimizer.loadState(optimizerState);
  const replica = new Replica(shared, { ...setup, network, optimizer, memoryBytes: () => engine.memoryBytes() });
  const rendezvous = new Rendezvous(shared.signals, shared.replicas);
  for (;;) {
    if (rendezvous.awaitOrder() === 'verify') {
      replica.writeDigest();
      rendezvous.meet();
    } else {
      replica.backpropagate();
      rendezvous.meet();
      replica.average();
      rendezvous.meet();
      replica.update();
    }
  }
}

await runReplica(workerData as ReplicaStart);
