import {
  concat,
  keep,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { type BatchNormLayer, scaleAndShift } from '../layers/batch-norm.ts';
import type { Conv2dLayer } from '../layers/conv2d.ts';
import type { MaxPoolLayer } from '../layers/max-pool.ts';
import type { Operation, OperationOf } from '../layers/operation.ts';
import { kindOf } from '../layers/registry.ts';
import type { PredictionContext, PredictionStep } from './operator.ts';
import * as ops from './ops.ts';
import type { Weights } from './weights.ts';

function run(steps: readonly PredictionStep[], x: Tensor): Tensor {
  let current = x;
  for (const step of steps) {
    const next = step(current);
    if (current !== x) current.dispose();
    current = next;
  }
  return current;
}

/**
 * A snapshot of a network for inference: running statistics, no dropout, batch norm folded into the convolution before
 * it, if any. It does not follow later changes of the network's weights (except in dense layers and convolutions
 * without batch norm, whose variables it shares).
 */
export class Predictor {
  private readonly owned: Tensor[] = [];
  private readonly steps: readonly PredictionStep[];

  /** @param imagesAtOnce how many images go through the network together */
  constructor(
    operations: readonly Operation[],
    weights: Weights,
    private readonly imagesAtOnce: number,
  ) {
    const context: PredictionContext = {
      ops,
      weights,
      own: (make) => {
        const tensor = keep(tidy(make));
        this.owned.push(tensor);
        return tensor;
      },
      path: (path) => {
        const steps = createSteps(path, context);
        return (x) => run(steps, x);
      },
    };
    this.steps = createSteps(operations, context);
  }

  /** Logits [n, outputs] of images [n, h, w, c]; the caller disposes both. */
  predict(images: Tensor4D): Tensor2D {
    const [count] = images.shape;
    const groups = Math.ceil(count / this.imagesAtOnce);
    if (groups <= 1) return run(this.steps, images) as Tensor2D;
    return tidy(() =>
      concat<Tensor2D>(
        Array.from({ length: groups }, (_, i) => {
          const [from, to] = [i, i + 1].map((group) => Math.floor((group * count) / groups)) as [number, number];
          return run(this.steps, slice(images, from, to - from)) as Tensor2D;
        }),
      ),
    );
  }

  dispose(): void {
    for (const tensor of this.owned.splice(0)) tensor.dispose();
  }
}

/** One step or none for every operation, except for pairs that are faster together. */
function createSteps(operations: readonly Operation[], context: PredictionContext): PredictionStep[] {
  const steps: PredictionStep[] = [];
  const rest = operations.values();
  for (let current = rest.next().value; current !== undefined;) {
    const next = rest.next().value;
    const pair = next === undefined ? null : createPair(current, next, context);
    if (pair !== null) steps.push(...pair);
    else {
      const step = kindOf(current.layer).predict(current, context);
      if (step !== null) steps.push(step);
    }
    current = pair === null ? next : rest.next().value;
  }
  return steps;
}

/** The steps of two operations that are faster together; null if they are not. */
function createPair(first: Operation, second: Operation, context: PredictionContext): PredictionStep[] | null {
  if (first.type === 'conv2d' && first.activation === null && second.type === 'batchNorm')
    return [foldedConvolution(first, second, context)];
  if (first.type === 'batchNorm' && second.type === 'maxPool') return normAndPool(first, second, context);
  return null;
}

function foldedConvolution(
  { layer }: OperationOf<Conv2dLayer>,
  norm: OperationOf<BatchNormLayer>,
  context: PredictionContext,
): PredictionStep {
  const { weights, own } = context;
  const { scale, shift } = scaleAndShift(norm.layer, context);
  const filter = own<Tensor4D>(() => ops.mul(weights.filter(`${layer.name}.weight`), scale));
  const bias = layer.bias
    ? own<Tensor1D>(() => ops.add(ops.mul(weights.vector(`${layer.name}.bias`), scale), shift))
    : shift;
  const { stride, padding, groups = 1 } = layer;
  const settings = { stride, padding, groups, relu: norm.activation === 'relu' };
  return (x) => ops.groupedConv2d(x as Tensor4D, filter, bias, settings);
}

/** An increasing function and a maximum can be swapped, bit for bit, and there are fewer values after the pool. */
function normAndPool(
  { layer, activation }: OperationOf<BatchNormLayer>,
  { layer: window }: OperationOf<MaxPoolLayer>,
  context: PredictionContext,
): PredictionStep[] {
  const { scale, shift } = scaleAndShift(layer, context);
  const norm: PredictionStep = (x) => ops.scaleShift(x, scale, shift, { relu: activation === 'relu' });
  const pool: PredictionStep = (x) => ops.maxPool(x as Tensor4D, window);
  return scale.dataSync().every((value) => value >= 0) ? [pool, norm] : [norm, pool];
}
