import { type ModelConfig, type OptimizerConfig, Random } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import { createNetwork } from '@bakeoff/model';
import { beforeAll, describe, expect, it } from 'vitest';
import { backpropagate } from '../../packages/trainer/src/backpropagate.ts';
import { createOptimizer } from '../../packages/trainer/src/optimizers/registry.ts';
import { TrainingLoss } from '../../packages/trainer/src/training-loss.ts';
import { type DispatchCounter, openCounter } from '../support/count-dispatches.ts';

const BATCH = 2;
const ADAM: OptimizerConfig = {
  type: 'adam',
  learningRate: 2e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  l2: 5e-4,
  decayBiasAndNorm: true,
};
const SGD: OptimizerConfig = {
  type: 'sgd',
  learningRate: 0.1,
  momentum: 0.9,
  nesterov: true,
  l2: 1e-4,
  decayBiasAndNorm: true,
};
const resnet = (blocks: number, dropout2d: number): ModelConfig => ({
  type: 'resnet',
  blocks: [blocks, blocks, blocks],
  channels: [16, 32, 64],
  dropout2d,
});

let counter: DispatchCounter;

/**
 * Operations submitted to TensorFlow in each of several training steps, from the batch's images to the new weights,
 * without reading scores.
 */
function countSteps(model: ModelConfig, config: OptimizerConfig, steps: number): number[] {
  const network = createNetwork(model, { imageShape: [32, 32, 3], classes: 10 });
  network.initialize(new Random(1));
  const optimizer = createOptimizer({ optimizer: config, maxGradientNorm: null }, network.parameters);
  const images = kernels.uploadImages(new Uint8Array(BATCH * 3072), [BATCH, 32, 32, 3]);
  const indices = Int32Array.from({ length: BATCH }, (_, i) => i);
  const loss = new TrainingLoss(Uint8Array.from(indices), { labelSmoothing: 0, classWeights: null });
  const counts = Array.from({ length: steps }, (_, i) => {
    const before = counter.count();
    const input = kernels.gatherImages(images, indices, { scale: [1, 1, 1], shift: [0, 0, 0] });
    const { gradients, scores } = backpropagate(network, { input, images: { indices, mixing: null } }, loss, {
      seed: 1,
      step: i + 1,
    });
    optimizer.update(gradients, config.learningRate, i + 1);
    for (const tensor of [...gradients.values(), ...Object.values(scores)]) tensor.dispose();
    return counter.count() - before;
  });
  for (const resource of [images, optimizer, network]) resource.dispose();
  return counts;
}

describe("a training step's operations on TensorFlow", () => {
  beforeAll(async () => {
    counter = await openCounter();
  });

  it.each([
    ['CIFARnet', { type: 'cifarnet' }, ADAM, 113],
    ['ResNet20', resnet(3, 0), ADAM, 248],
    ['ResNet20 with dropout', resnet(3, 0.1), ADAM, 284],
    ['ResNet20 with SGD', resnet(3, 0), SGD, 247],
    ['ResNet20 with SGD, biases and norms without decay', resnet(3, 0), { ...SGD, decayBiasAndNorm: false }, 251],
    ['ResNet110', resnet(18, 0), ADAM, 1148],
  ] satisfies [string, ModelConfig, OptimizerConfig, number][])('are few: %s', (_name, model, config, expected) => {
    const [, ...steady] = countSteps(model, config, 3);
    expect(steady).toEqual([expected, expected]);
  });
});
