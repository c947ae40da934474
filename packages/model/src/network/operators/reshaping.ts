import {
  globalAveragePool,
  globalAveragePoolGrad,
  maxPool,
  maxPoolGrad,
  shortcutA,
  shortcutAGrad,
} from '@bakeoff/kernels';
import { reshape, type Tensor4D } from '@tensorflow/tfjs-core';
import type { OperationOf } from '../../graph/fuse-layers.ts';
import { Value } from '../value.ts';
import { DropoutTail } from './dropout-tail.ts';
import { type Gradients, Keeper, type Operator, type TrainingPass } from './operator.ts';

type Shape4D = [number, number, number, number];

export class MaxPoolOperator extends Keeper implements Operator {
  constructor(private readonly operation: OperationOf<'maxPool'>) {
    super();
  }

  forward(x: Value): Value {
    const y = new Value(maxPool(x.tensor as Tensor4D, this.operation.layer));
    this.keep(x, y);
    return y;
  }

  backward(dy: Value): Value {
    return this.take(([x, y]) =>
      dy.replace((tensor) =>
        maxPoolGrad(
          (x as Value).tensor as Tensor4D,
          (y as Value).tensor as Tensor4D,
          tensor as Tensor4D,
          this.operation.layer,
        ),
      ),
    );
  }
}

/** Operators whose gradient needs no more than the input's shape. */
abstract class ShapeOperator implements Operator {
  private inputShape: Shape4D = [0, 0, 0, 0];

  protected abstract run(x: Tensor4D): Value['tensor'];
  protected abstract runGrad(dy: Value['tensor'], inputShape: Shape4D): Value['tensor'];

  forward(x: Value): Value {
    this.inputShape = x.tensor.shape as Shape4D;
    return new Value(this.run(x.tensor as Tensor4D));
  }

  backward(dy: Value, _gradients: Gradients): Value {
    return dy.replace((tensor) => this.runGrad(tensor, this.inputShape));
  }

  forget(): void {}
}

export class GlobalAveragePoolOperator extends ShapeOperator {
  protected run = (x: Tensor4D) => globalAveragePool(x);
  protected runGrad = (dy: Value['tensor'], inputShape: Shape4D) =>
    globalAveragePoolGrad(dy as ReturnType<typeof globalAveragePool>, inputShape);
}

export class FlattenOperator extends ShapeOperator {
  protected run = (x: Tensor4D) => reshape(x, [x.shape[0], -1]);
  protected runGrad = (dy: Value['tensor'], inputShape: Shape4D) => reshape(dy, inputShape);
}

/** The channels shortcut A adds on either side; negative where it crops. */
export function channelPad({ layer, input }: OperationOf<'shortcutA'>): number {
  return (layer.channels - (input[2] as number)) / 2;
}

export class ShortcutAOperator extends ShapeOperator {
  private readonly settings: { readonly stride: number; readonly channelPad: number };

  constructor(operation: OperationOf<'shortcutA'>) {
    super();
    this.settings = { stride: operation.layer.stride, channelPad: channelPad(operation) };
  }

  protected run = (x: Tensor4D) => shortcutA(x, this.settings);
  protected runGrad = (dy: Value['tensor'], inputShape: Shape4D) =>
    shortcutAGrad(dy as Tensor4D, inputShape, this.settings);
}

/** Dropout where no operation before it can take it over. */
export class DropoutOperator implements Operator {
  private readonly tail: DropoutTail;

  constructor(operation: OperationOf<'dropout'>) {
    this.tail = new DropoutTail(operation.dropout);
  }

  forward(x: Value, pass: TrainingPass): Value {
    return this.tail.forward(x.retain(), pass);
  }

  backward(dy: Value): Value {
    return this.tail.backward(dy);
  }

  forget(): void {}
}
