import { type SafeTensor, UserError } from '@bakeoff/core';
import type { NamedVariable } from '@bakeoff/model';
import { type Tensor, tensor1d, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core';
import type { Optimizer, UpdateRule } from './optimizer.ts';

/** A parameter's part of a slot in the saved state, which has the parameter's own shape. */
interface Part {
  /** `<slot>.<parameter>`. */
  readonly name: string;
  readonly shape: number[];
  readonly from: number;
  readonly to: number;
}

function trailingExtents({ variable: { shape } }: NamedVariable): string {
  return [shape.length, ...shape.slice(1)].join();
}

/**
 * The order of the parameters in a vector: those that differ only in their first extent are adjacent, so that an engine
 * can join them without reshaping.
 */
function inVectorOrder(parameters: readonly NamedVariable[]): readonly NamedVariable[] {
  const order = [...new Set(parameters.map(trailingExtents))];
  return order.flatMap((extents) => parameters.filter((parameter) => trailingExtents(parameter) === extents));
}

/**
 * Applies a rule. Each slot is one vector of all parameters' elements, one parameter after another, so that one engine
 * call updates everything.
 */
export class SlotOptimizer implements Optimizer {
  private readonly slots: Readonly<Record<string, Variable>>;
  private readonly parameters: readonly NamedVariable[];

  constructor(
    parameters: readonly NamedVariable[],
    private readonly rule: UpdateRule,
  ) {
    this.parameters = inVectorOrder(parameters);
    const size = parameters.reduce((sum, { variable: parameter }) => sum + parameter.size, 0);
    this.slots = Object.fromEntries(rule.slots.map((slot) => [slot, tidy(() => variable(zeros([size]), false))]));
  }

  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void {
    const ordered = this.parameters.map(({ name }) => {
      const gradient = gradients.get(name);
      if (gradient === undefined) throw new Error(`backward gave no gradient for ${name}`);
      return gradient;
    });
    this.rule.update(
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
            fix: "remove the run's attempts folder, so that the run starts over",
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
