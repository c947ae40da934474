import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';

export type KernelInputs = Readonly<Record<string, unknown>>;
export type KernelAttributes = Readonly<Record<string, unknown>>;

/** What takes the place of TensorFlow.js's engine, into which every operation and every new tensor goes. */
export interface Interceptor {
  /** @param run what the engine would do */
  kernel(name: string, inputs: KernelInputs, attributes: KernelAttributes, run: () => Tensor | Tensor[]): unknown;
  /** A tensor of values on the host that is made between kernels, not by one. */
  tensor(make: () => Tensor, values: unknown, shape: readonly number[]): Tensor;
}

interface Engine {
  runKernel: (this: Engine, name: string, inputs: KernelInputs, attributes?: KernelAttributes) => Tensor | Tensor[];
  makeTensor: (this: Engine, values: unknown, shape: number[], dtype?: string, backend?: unknown) => Tensor;
}

/** Runs `work` with every outermost kernel call and every tensor made between two of them given to `interceptor`. */
export function intercept<Result>(interceptor: Interceptor, work: () => Result): Result {
  // All copies of TensorFlow.js of one version share this object.
  const shared = engine() as unknown as Engine;
  const { runKernel, makeTensor } = shared;
  let depth = 0;
  shared.runKernel = (name, inputs, attributes = {}) => {
    const run = (): Tensor | Tensor[] => runKernel.call(shared, name, inputs, attributes);
    if (depth > 0) return run();
    depth++;
    try {
      return interceptor.kernel(name, inputs, attributes, run) as Tensor | Tensor[];
    } finally {
      depth--;
    }
  };
  shared.makeTensor = (values, shape, ...rest) => {
    const make = (): Tensor => makeTensor.call(shared, values, shape, ...rest);
    return depth > 0 ? make() : interceptor.tensor(make, values, shape);
  };
  try {
    return work();
  } finally {
    // The object's own functions stood only on its prototype.
    Reflect.deleteProperty(shared, 'runKernel');
    Reflect.deleteProperty(shared, 'makeTensor');
  }
}

/** Where a tensor stands among the inputs of a kernel call. */
export interface Place {
  readonly name: string;
  /** In a list of tensors; null: the input itself. */
  readonly index: number | null;
}

export function tensorAt(inputs: KernelInputs, { name, index }: Place): TensorInfo {
  const input = inputs[name];
  return (index === null ? input : (input as readonly TensorInfo[])[index]) as TensorInfo;
}

/** The tensors among a kernel call's inputs, with their places. */
export function* tensorsOf(inputs: KernelInputs): Generator<readonly [TensorInfo, Place]> {
  for (const [name, input] of Object.entries(inputs)) {
    if (Array.isArray(input))
      for (const [index, each] of (input as TensorInfo[]).entries()) yield [each, { name, index }];
    else if (input !== null && input !== undefined) yield [input as TensorInfo, { name, index: null }];
  }
}
