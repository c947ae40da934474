import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Value } from '../value.ts';

/** What a training step's dropout masks depend on, besides the layer. */
export interface TrainingPass {
  readonly seed: number;
  readonly step: number;
}

/** A network's parameters and running statistics by name. */
export type Weights = ReadonlyMap<string, Variable>;

export type Gradients = Map<string, Tensor>;

/** An operation of a network with its weights: runs forward, keeps what backward needs, and frees it there. */
export interface Operator {
  /** `x` stays the caller's. */
  forward(x: Value, pass: TrainingPass): Value;
  /**
   * Takes `dy` over, adds its parameters' gradients to `gradients`, returns the input's.
   * Where `wantsInputGradient` is false, operators that would work for it return null instead.
   */
  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null;
  /** As backward, but adds the input's gradient to `onto`, which it takes over too; where this saves a pass over memory. */
  backwardOnto?(dy: Value, gradients: Gradients, onto: Value): Value;
  /** Frees what a forward pass kept that no backward pass followed. */
  forget(): void;
}

/** Keeps values between forward and backward. */
export abstract class Keeper {
  private kept: readonly Value[] | undefined;

  protected keep(...values: readonly Value[]): void {
    this.releaseKept();
    this.kept = values.map((value) => value.retain());
  }

  /** Hands what was kept to `use` and frees it afterwards. */
  protected take<Result>(use: (kept: readonly Value[]) => Result): Result {
    if (this.kept === undefined) throw new Error('backward needs a forward pass before it');
    const result = use(this.kept);
    this.releaseKept();
    return result;
  }

  forget(): void {
    this.releaseKept();
  }

  private releaseKept(): void {
    for (const value of this.kept ?? []) value.release();
    this.kept = undefined;
  }
}

/** The weight of that name. */
export function weight(weights: Weights, name: string): Variable {
  const found = weights.get(name);
  if (found === undefined) throw new Error(`no weight ${name}`);
  return found;
}
