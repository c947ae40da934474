import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import { rowsAndChannels } from './rows.ts';
import type { WasmAdapter } from './wasm-adapter.ts';

type Names = 'BakeoffSoftmaxCrossEntropy' | 'BakeoffGatherImages' | 'BakeoffAdamUpdate' | 'BakeoffSgdUpdate';

/** Both ends of a training step: the batch, the loss, the optimizers. */
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
    BakeoffGatherImages: ({ images }, { indices, scale, shift }) => {
      const shape = images.shape.slice(1),
        channels = scale.length,
        batch = indices.length;
      const y = adapter.output([batch, ...shape]);
      const scales = adapter.scratch(8 * channels + 4 * batch + kernels.gatherImagesScratch(channels));
      const shifts = scales + 4 * channels,
        places = shifts + 4 * channels;
      adapter.writeFloats(scales, scale);
      adapter.writeFloats(shifts, shift);
      adapter.writeInts(places, indices);
      kernels.gatherImages(
        adapter.address(images),
        places,
        scales,
        shifts,
        adapter.address(y),
        places + 4 * batch,
        batch,
        rowsAndChannels(shape).size,
        channels,
      );
      return y;
    },
    BakeoffAdamUpdate: (
      { parameters, gradients, m, v },
      { learningRate, beta1, beta2, epsilon, l2, weightDecay, step },
    ) => {
      let mean = adapter.writable(m as Tensor),
        square = adapter.writable(v as Tensor);
      parameters.forEach((parameter, i) => {
        const to = adapter.writable(parameter as Tensor),
          { size } = rowsAndChannels(parameter.shape);
        kernels.adam(
          to,
          adapter.optional(gradients[i]),
          mean,
          square,
          size,
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
        mean += 4 * size;
        square += 4 * size;
      });
      return [];
    },
    BakeoffSgdUpdate: ({ parameters, gradients, velocity }, { learningRate, momentum, nesterov, l2, step }) => {
      let kept = velocity ? adapter.writable(velocity as Tensor) : 0;
      parameters.forEach((parameter, i) => {
        const to = adapter.writable(parameter as Tensor),
          { size } = rowsAndChannels(parameter.shape);
        kernels.sgd(
          to,
          adapter.optional(gradients[i]),
          kept,
          size,
          learningRate,
          momentum,
          l2,
          Number(nesterov),
          Number(step === 1),
        );
        if (velocity) kept += 4 * size;
      });
      return [];
    },
  };
}
