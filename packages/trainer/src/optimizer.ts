import type { OptimizerConfig, SafeTensor } from '@bakeoff/core';
import { UserError } from '@bakeoff/core';
import { kernels, type Network } from '@bakeoff/model';
import { type Tensor, type Variable, tensor, tidy, variable, zeros } from '@tensorflow/tfjs-core';

type Parameter = Network['parameters'][number];

/** One optimizer over a network's parameters; its state has names `<slot>.<parameter>`, float32, shaped as the parameter. */
export interface Optimizer {
  /** One update in place. `step` counts from 1; the caller keeps and disposes the gradients. */
  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void;
  state(): Record<string, SafeTensor>;
  loadState(state: Readonly<Record<string, SafeTensor>>): void;
  dispose(): void;
}

type Slots = Readonly<Record<string, Variable>>;
type UpdateParameter = (parameter: Variable, gradient: Tensor, slots: Slots, learningRate: number, step: number) => void;

/** Slots start at zero, as PyTorch's: Kingma and Ba 2015; Loshchilov and Hutter 2019 (AdamW); momentum's first velocity is the first gradient. */
export function createOptimizer(config: OptimizerConfig, parameters: readonly Parameter[]): Optimizer {
  if (config.type === 'sgd') {
    const { momentum, nesterov, l2 } = config;
    return new SlotOptimizer(parameters, momentum === 0 ? [] : ['velocity'], (parameter, gradient, { velocity = null }, learningRate, step) =>
      kernels.sgdUpdate({ parameter, gradient, velocity }, { learningRate, momentum, nesterov, l2, step }),
    );
  }
  const { beta1, beta2, epsilon } = config;
  const decay = config.type === 'adam' ? { l2: config.l2, weightDecay: 0 } : { l2: 0, weightDecay: config.weightDecay };
  return new SlotOptimizer(parameters, ['m', 'v'], (parameter, gradient, { m, v }, learningRate, step) =>
    kernels.adamUpdate({ parameter, gradient, m: m as Variable, v: v as Variable }, { learningRate, beta1, beta2, epsilon, ...decay, step }),
  );
}

function zeroVariable(shape: number[]): Variable {
  return tidy(() => variable(zeros(shape), false));
}

class SlotOptimizer implements Optimizer {
  private readonly slots: ReadonlyMap<string, Slots>;

  constructor(
    private readonly parameters: readonly Parameter[],
    slotNames: readonly string[],
    private readonly updateParameter: UpdateParameter,
  ) {
    this.slots = new Map(parameters.map(({ name, variable: { shape } }) => [name, Object.fromEntries(slotNames.map((slot) => [slot, zeroVariable(shape)]))]));
  }

  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void {
    for (const { name, variable: parameter } of this.parameters) {
      const gradient = gradients.get(name);
      if (gradient === undefined) throw new Error(`backward gave no gradient for ${name}`);
      this.updateParameter(parameter, gradient, this.slots.get(name) ?? {}, learningRate, step);
    }
  }

  state(): Record<string, SafeTensor> {
    return Object.fromEntries(this.entries().map(([name, slot]) => [name, { shape: slot.shape, data: Float32Array.from(slot.dataSync()) }]));
  }

  loadState(state: Readonly<Record<string, SafeTensor>>): void {
    for (const [name, slot] of this.entries()) {
      const saved = state[name];
      if (saved === undefined || saved.shape.join() !== slot.shape.join()) {
        throw new UserError({ what: `the checkpoint's optimizer state does not fit: ${name}`, received: saved === undefined ? 'none' : `shape [${saved.shape.join(', ')}]`, allowed: `shape [${slot.shape.join(', ')}]`, fix: "remove the run's attempts folder, so that it starts anew" });
      }
      tidy(() => slot.assign(tensor(saved.data, slot.shape, 'float32')));
    }
  }

  dispose(): void {
    for (const [, slot] of this.entries()) slot.dispose();
  }

  private entries(): [string, Variable][] {
    return [...this.slots].flatMap(([parameter, slots]) => Object.entries(slots).map(([slot, value]): [string, Variable] => [`${slot}.${parameter}`, value]));
  }
}
