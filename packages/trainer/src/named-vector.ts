import { type SafeTensor, UserError } from '@bakeoff/core';
import type { NamedVariable } from '@bakeoff/model';
import { tensor1d, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core';

type TensorState = Readonly<Record<string, SafeTensor>>;

/** A member's part of the vector; in the saved state it has the member's own shape. */
interface Part {
  readonly name: string;
  readonly shape: number[];
  readonly from: number;
  readonly to: number;
}

/**
 * One float32 vector of values that belong to variables, an element for each of theirs, one variable after another:
 * one engine call works on all of it. It starts at zero.
 */
export class NamedVector {
  readonly vector: Variable;
  private readonly parts: readonly Part[];

  /** @param what the values are called in a message: "optimizer state" */
  constructor(
    members: readonly NamedVariable[],
    private readonly what: string,
  ) {
    let from = 0;
    this.parts = members.map(({ name, variable: { shape, size } }) => ({ name, shape, from, to: (from += size) }));
    const size = from;
    this.vector = tidy(() => variable(zeros([size]), false));
  }

  /** Copies by the names of the variables, each after `prefix`. */
  state(prefix = ''): Record<string, SafeTensor> {
    const values = this.vector.dataSync<'float32'>();
    return Object.fromEntries(
      this.parts.map(({ name, shape, from, to }) => [`${prefix}${name}`, { shape, data: values.slice(from, to) }]),
    );
  }

  /** The values of a saved state, for `assign`. @throws UserError if a tensor is missing or has another shape */
  valuesOf(state: TensorState, prefix = ''): Float32Array {
    const values = new Float32Array(this.vector.size);
    for (const { name, shape, from } of this.parts) {
      const saved = state[`${prefix}${name}`];
      if (saved === undefined || saved.shape.join() !== shape.join()) {
        throw new UserError({
          what: `the checkpoint's ${this.what} does not fit: ${prefix}${name}`,
          received: saved === undefined ? 'none' : `shape [${saved.shape.join(', ')}]`,
          allowed: `shape [${shape.join(', ')}]`,
          fix: "remove the run's attempts folder, so that the run starts over",
        });
      }
      values.set(saved.data, from);
    }
    return values;
  }

  assign(values: Float32Array): void {
    tidy(() => this.vector.assign(tensor1d(values)));
  }

  dispose(): void {
    this.vector.dispose();
  }
}
