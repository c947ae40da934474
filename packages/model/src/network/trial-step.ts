import { Random } from '@bakeoff/core';
import { softmaxCrossEntropy } from '@bakeoff/kernels';
import { tensor1d } from '@tensorflow/tfjs-core';
import { EngineImages, placesInOrder } from '../data/engine-images.ts';
import { createNetwork } from './network.ts';

/** Small, because the plain JavaScript engine is slow. */
const IMAGE_SHAPE = [8, 8, 3] as const;
const IMAGES = 4;
const CLASSES = 10;
const MODEL = {
  type: 'resnet',
  blocks: [1, 1],
  channels: [8, 16],
  firstChannels: 8,
  shortcut: 'A',
  batchNorm: true,
  dropout2d: 0.1,
} as const;

/**
 * Forward and backward pass of a small residual network over made-up images, on the current engine. It shows that an
 * engine can train here. Returns the mean loss (about ln 10, nats) and the Euclidean norm of all gradients; the same on
 * every engine, within rounding.
 */
export function trialStep(): { readonly loss: number; readonly gradientNorm: number } {
  const network = createNetwork(MODEL, { imageShape: IMAGE_SHAPE, classes: CLASSES });
  network.initialize(new Random(1));
  const images = new EngineImages(
    Uint8Array.from({ length: IMAGES * 8 * 8 * 3 }, (_, i) => (i * 37) % 256),
    [IMAGES, ...IMAGE_SHAPE],
    { scale: [1 / 128, 1 / 128, 1 / 128], shift: [-1, -1, -1] },
  );
  const places = placesInOrder(0, IMAGES, IMAGES);
  const labels = tensor1d(places, 'int32');
  const input = images.batch(places);
  const logits = network.forward(input, { seed: 1, step: 1 });
  const { losses, correct, dLogits } = softmaxCrossEntropy(logits, labels);
  const gradients = network.backward(dLogits);
  try {
    const loss = losses.dataSync<'float32'>().reduce((sum, each) => sum + each, 0) / IMAGES;
    const squares = [...gradients.values()].map((gradient) =>
      gradient.dataSync<'float32'>().reduce((sum, value) => sum + value * value, 0),
    );
    return { loss, gradientNorm: Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) };
  } finally {
    for (const resource of [labels, input, logits, losses, correct, dLogits, ...gradients.values(), images, network])
      resource.dispose();
  }
}
