// A small residual network written with tf.layers and trained on TensorFlow.js's WASM backend. Without
// installWasmKernels(), the backend lacks the gradient of conv2d with respect to its filter, and `fit` fails.
//
//     npx tsx packages/wasm-kernels/examples/layers-resnet.ts
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { pathToFileURL } from 'node:url';
import { installWasmKernels } from '../src/index.ts';

function convolve(x: layers.SymbolicTensor, filters: number, strides: number): layers.SymbolicTensor {
  const convolution = layers.layers.conv2d({
    filters,
    kernelSize: 3,
    strides,
    padding: 'same',
    useBias: false,
    kernelInitializer: 'heNormal',
  });
  return layers.layers.batchNormalization({}).apply(convolution.apply(x)) as layers.SymbolicTensor;
}

function relu(x: layers.SymbolicTensor): layers.SymbolicTensor {
  return layers.layers.reLU().apply(x) as layers.SymbolicTensor;
}

function residualBlock(x: layers.SymbolicTensor, filters: number, strides: number): layers.SymbolicTensor {
  const main = convolve(relu(convolve(x, filters, strides)), filters, 1);
  const shortcut =
    strides === 1 ? x : (layers.layers.conv2d({ filters, kernelSize: 1, strides }).apply(x) as layers.SymbolicTensor);
  return relu(layers.layers.add().apply([main, shortcut]) as layers.SymbolicTensor);
}

/** A residual network for 16 x 16 color images of 4 classes. */
export function smallResnet(): layers.LayersModel {
  const input = layers.input({ shape: [16, 16, 3] });
  const body = residualBlock(residualBlock(convolve(input, 8, 1), 8, 1), 16, 2);
  const pooled = layers.layers.globalAveragePooling2d({}).apply(body);
  const output = layers.layers.dense({ units: 4, activation: 'softmax' }).apply(pooled) as layers.SymbolicTensor;
  const model = layers.model({ inputs: input, outputs: output });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** Stripes of four directions under noise, so that there is something to learn. */
export function stripes(count: number): { images: tf.Tensor4D; labels: tf.Tensor2D } {
  return tf.tidy(() => {
    const noise = tf.randomNormal<tf.Rank.R4>([count, 16, 16, 3], 0, 0.5, 'float32', 7);
    const kinds = Int32Array.from({ length: count }, (_, n) => n % 4);
    const clean = tf.buffer([count, 16, 16, 1]);
    kinds.forEach((kind, n) => {
      for (let y = 0; y < 16; ++y)
        for (let x = 0; x < 16; ++x) clean.set(Math.sin([x, y, x + y, x - y][kind] ?? 0), n, y, x, 0);
    });
    return {
      images: tf.add(noise, clean.toTensor()),
      labels: tf.cast(tf.oneHot(tf.tensor1d(kinds, 'int32'), 4), 'float32') as tf.Tensor2D,
    };
  });
}

/** Trains for some epochs and returns the loss of each. */
export async function train(epochs: number): Promise<number[]> {
  const model = smallResnet(),
    { images, labels } = stripes(64);
  const history = await model.fit(images, labels, { epochs, batchSize: 16, shuffle: false, verbose: 0 });
  tf.dispose([images, labels]);
  return (history.history.loss ?? []) as number[];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { build } = await installWasmKernels();
  const losses = await train(5);
  console.log(`wasm (${build}): loss by epoch ${losses.map((loss) => loss.toFixed(3)).join(', ')}`);
}
