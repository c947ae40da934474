import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import { rowsAndChannels } from './rows.ts';
import type { WasmAdapter } from './wasm-adapter.ts';
import type { Address } from './wasm-exports.ts';

type Names =
  | 'BakeoffSoftmaxCrossEntropy'
  | 'BakeoffGatherImages'
  | 'BakeoffReadFloats'
  | 'BakeoffAdamUpdate'
  | 'BakeoffSgdUpdate';

/** The table of an optimizer's step: addresses of each parameter, about to change, and of its gradient, and their size. */
function writeUpdates(
  adapter: WasmAdapter,
  parameters: readonly TensorInfo[],
  gradients: readonly TensorInfo[],
): Address {
  const rows = parameters.flatMap((parameter, i) => [
    adapter.writable(parameter as Tensor),
    adapter.optional(gradients[i]),
    rowsAndChannels(parameter.shape).size,
  ]);
  const updates = adapter.scratch(4 * rows.length);
  adapter.writeInts(updates, rows);
  return updates;
}

/** Both ends of a training step: the batch, the loss, reading gradients, the optimizers. */
export function trainingKernels(adapter: WasmAdapter): KernelFamily<TensorInfo, Names> {
  const { kernels } = adapter;
  return {
    BakeoffSoftmaxCrossEntropy: ({ logits, labels }) => {
      const [batch = 0, classes = 0] = logits.shape;
      const losses = adapter.output([batch]),
        correct = adapter.output([batch]),
        dLogits = adapter.output(logits.shape);
      kernels.softmaxCrossEntropy(
        adapter.address(logits),
        adapter.address(labels),
        adapter.address(losses),
        adapter.address(correct),
        adapter.address(dLogits),
        batch,
        classes,
      );
      return [losses, correct, dLogits];
    },
    BakeoffGatherImages: ({ images }, { indices, scale, shift, moves }) => {
      const shape = images.shape.slice(1),
        [height = 0, width = 0] = shape,
        { size } = rowsAndChannels(shape),
        channels = scale.length,
        batch = indices.length;
      const y = adapter.output([batch, ...shape]);
      const gather = kernels.gatherImagesScratch(channels),
        moving = moves === null ? 0 : 4 * moves.length + batch * size;
      const scales = adapter.scratch(8 * channels + 4 * batch + gather + moving);
      const shifts = scales + 4 * channels,
        places = shifts + 4 * channels,
        work = places + 4 * batch;
      adapter.writeFloats(scales, scale);
      adapter.writeFloats(shifts, shift);
      adapter.writeInts(places, indices);
      let pixels = adapter.address(images);
      if (moves !== null) {
        const movesAt = work + gather,
          moved = movesAt + 4 * moves.length;
        adapter.writeInts(movesAt, moves);
        kernels.moveImages(pixels, places, movesAt, moved, batch, height, width, channels);
        // Moved images are in the batch's order.
        adapter.writeInts(
          places,
          indices.map((_, place) => place),
        );
        pixels = moved;
      }
      kernels.gatherImages(pixels, places, scales, shifts, adapter.address(y), work, batch, size, channels);
      return y;
    },
    BakeoffReadFloats: ({ tensors }, { into }) => {
      let at = 0;
      for (const tensor of tensors) {
        const values = adapter.floats(tensor);
        into.set(values, at);
        at += values.length;
      }
      return [];
    },
    BakeoffAdamUpdate: (
      { parameters, gradients, m, v },
      { learningRate, beta1, beta2, epsilon, l2, weightDecay, step },
    ) => {
      const updates = writeUpdates(adapter, parameters, gradients);
      kernels.adam(
        0,
        updates,
        parameters.length,
        adapter.writable(m as Tensor),
        adapter.writable(v as Tensor),
        beta1,
        beta2,
        1 - beta1,
        1 - beta2,
        epsilon,
        l2,
        1 - learningRate * weightDecay,
        learningRate / (1 - beta1 ** step),
        Math.sqrt(1 - beta2 ** step),
      );
      return [];
    },
    BakeoffSgdUpdate: ({ parameters, gradients, velocity }, { learningRate, momentum, nesterov, l2, step }) => {
      const updates = writeUpdates(adapter, parameters, gradients);
      kernels.sgd(
        0,
        updates,
        parameters.length,
        velocity ? adapter.writable(velocity as Tensor) : 0,
        learningRate,
        momentum,
        l2,
        Number(nesterov),
        Number(step === 1),
      );
      return [];
    },
  };
}
