import type { Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';

/** A network's parameters and running statistics by name. @throws Error on a name that the network does not have */
export class Weights {
  constructor(private readonly variables: ReadonlyMap<string, Variable>) {}

  variable(name: string): Variable {
    const found = this.variables.get(name);
    if (found === undefined) throw new Error(`no weight ${name}`);
    return found;
  }

  vector(name: string): Tensor1D {
    return this.variable(name) as Tensor as Tensor1D;
  }

  matrix(name: string): Tensor2D {
    return this.variable(name) as Tensor as Tensor2D;
  }

  /** [height, width, in, out] */
  filter(name: string): Tensor4D {
    return this.variable(name) as Tensor as Tensor4D;
  }
}
