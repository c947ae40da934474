import type { SafeTensor } from '@bakeoff/core';
import type { NamedVariable } from '@bakeoff/model';
import type { Tensor } from '@tensorflow/tfjs-core';
import { NamedVector } from '../named-vector.ts';
import type { Optimizer, UpdateRule } from './optimizer.ts';

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
  private readonly slots: readonly (readonly [slot: string, values: NamedVector])[];
  private readonly parameters: readonly NamedVariable[];

  constructor(
    parameters: readonly NamedVariable[],
    private readonly rule: UpdateRule,
  ) {
    this.parameters = inVectorOrder(parameters);
    this.slots = rule.slots.map((slot) => [slot, new NamedVector(this.parameters, 'optimizer state')]);
  }

  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void {
    const ordered = this.parameters.map(({ name }) => {
      const gradient = gradients.get(name);
      if (gradient === undefined) throw new Error(`backward gave no gradient for ${name}`);
      return gradient;
    });
    this.rule.update(
      { parameters: this.parameters.map((each) => each.variable), gradients: ordered, learningRate, step },
      Object.fromEntries(this.slots.map(([slot, { vector }]) => [slot, vector])),
    );
  }

  state(): Record<string, SafeTensor> {
    return Object.assign({}, ...this.slots.map(([slot, values]) => values.state(`${slot}.`))) as Record<
      string,
      SafeTensor
    >;
  }

  loadState(state: Readonly<Record<string, SafeTensor>>): void {
    const loaded = this.slots.map(([slot, values]) => [values, values.valuesOf(state, `${slot}.`)] as const);
    for (const [values, saved] of loaded) values.assign(saved);
  }

  dispose(): void {
    for (const [, values] of this.slots) values.dispose();
  }
}
