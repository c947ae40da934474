import type { Operator, TrainingPass } from '../network/operator.ts';
import { DropoutTail } from '../network/operators/dropout-tail.ts';
import type { Value } from '../network/value.ts';
import { keepsNothing, type LayerKind, noCounts, noPaths, noWeights, takesOverNothing } from './layer-kind.ts';
import { z } from 'zod';
import { featureMap } from './window-shape.ts';
import { writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    dropout: DropoutLayer;
  }
}

/** `perChannel` drops whole channels of a sample (dropout2d). */
export interface DropoutLayer {
  readonly type: 'dropout';
  readonly rate: number;
  readonly perChannel: boolean;
}

const rate = z.number().min(0).lt(1).default(0.5).describe('Probability of dropping, 0 to below 1');

export const dropout: LayerKind<DropoutLayer> = {
  label: ({ name, perChannel }) => name ?? (perChannel ? 'dropout2d' : 'dropout'),
  written: [
    writtenLayer('dropout', 'Drops single activations in training', { rate }, (settings, { name }) => ({
      type: 'dropout',
      name,
      rate: settings.rate,
      perChannel: false,
    })),
    writtenLayer('dropout2d', 'Drops whole channels of an image in training', { rate }, (settings, { name }) => ({
      type: 'dropout',
      name,
      rate: settings.rate,
      perChannel: true,
    })),
  ],
  paths: noPaths,
  outputShape({ perChannel }, input) {
    if (perChannel) featureMap('dropout2d', input);
    return input;
  },
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: keepsNothing,
  operator: (operation, { ops }) => new DropoutOperator(new DropoutTail(operation.dropout, ops)),
  predict: () => null,
};

/** Dropout that no operation before it can apply. */
class DropoutOperator implements Operator {
  constructor(private readonly tail: DropoutTail) {}

  forward(x: Value, pass: TrainingPass): Value {
    return this.tail.forward(x.retain(), pass);
  }

  backward(dy: Value): Value {
    return this.tail.backward(dy);
  }

  forget(): void {}
}
