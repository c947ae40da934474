import { addRelu, conv2d, dense, globalAveragePool, maxPool, scaleShift, shortcutA } from '@bakeoff/kernels';
import {
  add,
  keep,
  mul,
  reshape,
  rsqrt,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Operation, OperationOf } from '../graph/fuse-layers.ts';
import { BATCH_NORM_EPSILON } from './operators/norm-weights.ts';
import { weight, type Weights } from './operators/operator.ts';
import { channelPad } from './operators/reshaping.ts';

/** Makes a new tensor of `x`, which stays the caller's. */
type Step = (x: Tensor) => Tensor;

function run(steps: readonly Step[], x: Tensor): Tensor {
  let current = x;
  for (const step of steps) {
    const next = step(current);
    if (current !== x) current.dispose();
    current = next;
  }
  return current;
}

/**
 * A network as it is now, for inference: running statistics, no dropout, batch norm folded into the convolution before it where one is.
 * Later changes of the network's weights do not reach it (but for dense layers and convolutions without batch norm, whose variables it shares).
 */
export class Predictor {
  private readonly owned: Tensor[] = [];
  private readonly steps: readonly Step[];

  constructor(
    operations: readonly Operation[],
    private readonly weights: Weights,
  ) {
    this.steps = this.stepsOf(operations);
  }

  /** Logits [n, outputs] of images [n, h, w, c]; the caller disposes both. */
  predict(images: Tensor4D): Tensor2D {
    return run(this.steps, images) as Tensor2D;
  }

  dispose(): void {
    for (const tensor of this.owned.splice(0)) tensor.dispose();
  }

  private vector(name: string): Tensor1D {
    return weight(this.weights, name) as unknown as Tensor1D;
  }

  private filter(name: string): Tensor4D {
    return weight(this.weights, name) as unknown as Tensor4D;
  }

  private own<T extends Tensor>(make: () => T): T {
    const tensor = keep(tidy(make));
    this.owned.push(tensor);
    return tensor;
  }

  private stepsOf(operations: readonly Operation[]): Step[] {
    const steps: Step[] = [];
    for (let i = 0; i < operations.length; i++) {
      const operation = operations[i] as Operation;
      const next = operations[i + 1];
      if (operation.type === 'conv2d' && !operation.relu && next?.type === 'batchNorm') {
        steps.push(this.foldedConvolution(operation, next));
        i++;
      } else if (operation.type === 'batchNorm' && next?.type === 'maxPool') {
        steps.push(...this.normAndPool(operation, next));
        i++;
      } else {
        const step = this.stepOf(operation);
        if (step !== null) steps.push(step);
      }
    }
    return steps;
  }

  /** y = scale·x + shift is what batch norm does in evaluation. */
  private affine({ layer: { name } }: OperationOf<'batchNorm'>): {
    readonly scale: Tensor1D;
    readonly shift: Tensor1D;
  } {
    const scale = this.own<Tensor1D>(() =>
      mul(this.vector(`${name}.weight`), rsqrt(add(this.vector(`${name}.running_var`), BATCH_NORM_EPSILON))),
    );
    const shift = this.own<Tensor1D>(() =>
      sub(this.vector(`${name}.bias`), mul(this.vector(`${name}.running_mean`), scale)),
    );
    return { scale, shift };
  }

  private foldedConvolution({ layer }: OperationOf<'conv2d'>, norm: OperationOf<'batchNorm'>): Step {
    const { scale, shift } = this.affine(norm);
    const filter = this.own<Tensor4D>(() => mul(this.filter(`${layer.name}.weight`), scale));
    const bias = layer.bias
      ? this.own<Tensor1D>(() => add(mul(this.vector(`${layer.name}.bias`), scale), shift))
      : shift;
    const settings = { stride: layer.stride, padding: layer.padding, relu: norm.relu };
    return (x) => conv2d(x as Tensor4D, filter, bias, settings);
  }

  /** A rising function and the largest of several values may change places, bit for bit: there are fewer values behind the pool. */
  private normAndPool(operation: OperationOf<'batchNorm'>, { layer }: OperationOf<'maxPool'>): Step[] {
    const { scale, shift } = this.affine(operation);
    const norm: Step = (x) => scaleShift(x, scale, shift, { relu: operation.relu });
    const pool: Step = (x) => maxPool(x as Tensor4D, layer);
    return scale.dataSync().every((value) => value >= 0) ? [pool, norm] : [norm, pool];
  }

  private stepOf(operation: Operation): Step | null {
    switch (operation.type) {
      case 'conv2d': {
        const { name, bias, stride, padding } = operation.layer;
        return (x) =>
          conv2d(x as Tensor4D, this.filter(`${name}.weight`), bias ? this.vector(`${name}.bias`) : null, {
            stride,
            padding,
            relu: operation.relu,
          });
      }
      case 'batchNorm': {
        const { scale, shift } = this.affine(operation);
        return (x) => scaleShift(x, scale, shift, { relu: operation.relu });
      }
      case 'dense': {
        const { name } = operation.layer;
        return (x) =>
          dense(
            x as Tensor2D,
            weight(this.weights, `${name}.weight`) as unknown as Tensor2D,
            this.vector(`${name}.bias`),
            operation.activation ?? undefined,
          );
      }
      case 'residual':
        return this.residual(operation);
      case 'maxPool':
        return (x) => maxPool(x as Tensor4D, operation.layer);
      case 'shortcutA':
        return (x) => shortcutA(x as Tensor4D, { stride: operation.layer.stride, channelPad: channelPad(operation) });
      case 'globalAveragePool':
        return (x) => globalAveragePool(x as Tensor4D);
      case 'flatten':
        return (x) => reshape(x, [x.shape[0], -1]);
      case 'dropout':
        return null;
    }
  }

  private residual({ branch, shortcut, relu }: OperationOf<'residual'>): Step {
    const [branchSteps, shortcutSteps] = [this.stepsOf(branch), this.stepsOf(shortcut)];
    return (x) => {
      const [branched, skipped] = [run(branchSteps, x), run(shortcutSteps, x)];
      const y = (relu ? addRelu : add)(branched, skipped);
      for (const tensor of [branched, skipped]) if (tensor !== x) tensor.dispose();
      return y;
    };
  }
}
