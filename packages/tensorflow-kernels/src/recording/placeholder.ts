import { type DataType, Tensor } from '@tensorflow/tfjs-core';

const unknown = (): never => {
  throw new Error('A recorded step reads the value of a tensor that is known only when the whole step has run.');
};

/**
 * Stands in for a tensor while a recorded step's code runs: it has a shape but no values, and may be disposed of any
 * number of times.
 */
export function placeholder(shape: readonly number[], dtype: DataType): Tensor {
  const made = new Tensor([...shape], dtype, {}, -1);
  return Object.assign(made, { dispose: () => undefined, dataSync: unknown, data: unknown });
}
