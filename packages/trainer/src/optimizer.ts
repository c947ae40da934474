import type { OptimizerConfig, SafeTensor } from '@bakeoff/core';
import { UserError } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import type { Network } from '@bakeoff/model';
import { type Tensor, tensor1d, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core';

type Parameter = Network['parameters'][number];

/** One optimizer over a network's parameters; its state has names `<slot>.<parameter>`, float32, shaped as the parameter. */
export interface Optimizer {
  /** One update in place. `step` counts from 1; the caller keeps and disposes the gradients. */
  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void;
  state(): Record<string, SafeTensor>;
  loadState(state: Readonly<Record<string, SafeTensor>>): void;
  dispose(): void;
}

/** A vector a slot, of all parameters' elements one after the other, so that one call of the engine updates everything. */
type Slots = Readonly<Record<string, Variable>>;
interface Step {
  readonly parameters: readonly Variable[];
  readonly gradients: readonly Tensor[];
  readonly learningRate: number;
  readonly step: number;
}

/** Slots start at zero, as PyTorch's: Kingma and Ba 2015; Loshchilov and Hutter 2019 (AdamW); momentum's first velocity is the first gradient. */
export function createOptimizer(config: OptimizerConfig, parameters: readonly Parameter[]): Optimizer {
  if (config.type === 'sgd') {
    const { momentum, nesterov, l2 } = config;
    return new SlotOptimizer(
      parameters,
      momentum === 0 ? [] : ['velocity'],
      ({ learningRate, step, ...tensors }, { velocity = null }) =>
        kernels.sgdUpdate({ ...tensors, velocity }, { learningRate, momentum, nesterov, l2, step }),
    );
  }
  const { beta1, beta2, epsilon } = config;
  const decay = config.type === 'adam' ? { l2: config.l2, weightDecay: 0 } : { l2: 0, weightDecay: config.weightDecay };
  return new SlotOptimizer(parameters, ['m', 'v'], ({ learningRate, step, ...tensors }, { m, v }) =>
    kernels.adamUpdate(
      { ...tensors, m: m as Variable, v: v as Variable },
      { learningRate, beta1, beta2, epsilon, ...decay, step },
    ),
  );
}

/** A parameter's part of a slot in the saved state, where it has the parameter's own shape. */
interface Part {
  /** `<slot>.<parameter>`. */
  readonly name: string;
  readonly shape: number[];
  readonly from: number;
  readonly to: number;
}

/** Where a vector has the parameters: those that differ in their first extent alone side by side, so that an engine can join them as they are. */
function inVectorOrder(parameters: readonly Parameter[]): readonly Parameter[] {
  const key = ({ variable: { shape } }: Parameter): string => [shape.length, ...shape.slice(1)].join();
  const order = [...new Set(parameters.map(key))];
  return order.flatMap((each) => parameters.filter((parameter) => key(parameter) === each));
}

class SlotOptimizer implements Optimizer {
  private readonly slots: Slots;
  private readonly parameters: readonly Parameter[];

  constructor(
    parameters: readonly Parameter[],
    slotNames: readonly string[],
    private readonly updateAll: (step: Step, slots: Slots) => void,
  ) {
    this.parameters = inVectorOrder(parameters);
    const size = parameters.reduce((sum, { variable: parameter }) => sum + parameter.size, 0);
    this.slots = Object.fromEntries(slotNames.map((slot) => [slot, tidy(() => variable(zeros([size]), false))]));
  }

  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void {
    const ordered = this.parameters.map(({ name }) => {
      const gradient = gradients.get(name);
      if (gradient === undefined) throw new Error(`backward gave no gradient for ${name}`);
      return gradient;
    });
    this.updateAll(
      { parameters: this.parameters.map((each) => each.variable), gradients: ordered, learningRate, step },
      this.slots,
    );
  }

  state(): Record<string, SafeTensor> {
    const entries = Object.entries(this.slots).flatMap(([slot, vector]) => {
      const values = vector.dataSync<'float32'>();
      return this.partsOf(slot).map(({ name, shape, from, to }): [string, SafeTensor] => [
        name,
        { shape, data: values.slice(from, to) },
      ]);
    });
    return Object.fromEntries(entries);
  }

  loadState(state: Readonly<Record<string, SafeTensor>>): void {
    const loaded = Object.entries(this.slots).map(([slot, vector]): [Variable, Float32Array] => {
      const values = new Float32Array(vector.size);
      for (const { name, shape, from } of this.partsOf(slot)) {
        const saved = state[name];
        if (saved === undefined || saved.shape.join() !== shape.join()) {
          throw new UserError({
            what: `the checkpoint's optimizer state does not fit: ${name}`,
            received: saved === undefined ? 'none' : `shape [${saved.shape.join(', ')}]`,
            allowed: `shape [${shape.join(', ')}]`,
            fix: "remove the run's attempts folder, so that it starts anew",
          });
        }
        values.set(saved.data, from);
      }
      return [vector, values];
    });
    for (const [vector, values] of loaded) tidy(() => vector.assign(tensor1d(values)));
  }

  dispose(): void {
    for (const vector of Object.values(this.slots)) vector.dispose();
  }

  private partsOf(slot: string): Part[] {
    let from = 0;
    return this.parameters.map(({ name, variable: { shape, size } }) => {
      const part = { name: `${slot}.${name}`, shape, from, to: from + size };
      from = part.to;
      return part;
    });
  }
}
