import type { CalibratedNetwork, EngineDescription, ModelConfig } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { engines } from '@bakeoff/engine/engines';
import { measureStepPace } from '@bakeoff/trainer/pace';
import { networkSize } from '../estimates/network-size.ts';
import { describeEngine } from '../machine/engine-description.ts';
import { openEngine } from '../machine/open-engine.ts';

/** What a process that measures steps answers. */
export interface TimedSteps {
  readonly engine: EngineDescription;
  readonly networks: readonly CalibratedNetwork[];
}

/**
 * They differ in what a step's time grows with: a small convnet with dense layers, a narrow residual network, a wide
 * one, and one with many weights on small images.
 */
const NETWORKS: readonly ModelConfig[] = [
  { type: 'cifarnet', dropout2d: 0, dropout: 0 },
  { type: 'resnet20' },
  { type: 'wrn-16-4' },
  { type: 'vgg11-bn' },
];
const BATCH_SIZE = 32;

/** Measures steps of the first networks in this process. */
export async function timeSteps(name: EngineName | 'auto', networks = NETWORKS.length): Promise<TimedSteps> {
  const engine = await openEngine(name, () => undefined);
  const timed: CalibratedNetwork[] = [];
  for (const model of NETWORKS.slice(0, networks)) {
    // An engine that computes in this thread is timed by its processor time, which other programs hardly change.
    const elapsedSeconds = engines[engine.name].takesWholeMachine ? wallSeconds : processorSeconds;
    const pace = await measureStepPace({ model, batchSize: BATCH_SIZE, engine, elapsedSeconds });
    timed.push({
      ...networkSize(model, { imageShape: [32, 32, 3], classes: 10 }),
      batchSize: BATCH_SIZE,
      ...pace,
    });
  }
  return { engine: await describeEngine(engine), networks: timed };
}

function wallSeconds(): number {
  return performance.now() / 1000;
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
