import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { OpAttribute, TensorEntry, TensorflowBackend } from './tensorflow-backend.ts';

type Attributes = readonly OpAttribute[];
type Inputs = readonly TensorInfo[];

/**
 * Runs TensorFlow operations, one dispatch each. TensorFlow infers the attributes that follow from the inputs, except
 * for lists of inputs, which need them named.
 */
export class TensorflowOps {
  /** TF_DataType by name. */
  readonly float: number;
  readonly int32: number;
  readonly uint8: number;
  private readonly constants = new Map<string, TensorInfo>();

  constructor(private readonly backend: TensorflowBackend) {
    const { TF_FLOAT, TF_INT32, TF_UINT8 } = backend.binding;
    [this.float, this.int32, this.uint8] = [TF_FLOAT, TF_INT32, TF_UINT8];
  }

  run(op: string, inputs: Inputs, attributes: Attributes = []): Tensor {
    return this.backend.executeSingleOutput(op, attributes, inputs);
  }

  runMany(op: string, inputs: Inputs, outputs: number, attributes: Attributes = []): Tensor[] {
    return this.backend.executeMultipleOutputs(op, attributes, inputs, outputs);
  }

  /** Runs the operation on an intermediate result, and replaces it. */
  replace(first: Tensor, op: string, others: Inputs = [], attributes: Attributes = []): Tensor {
    const result = this.run(op, [first, ...others], attributes);
    first.dispose();
    return result;
  }

  reshape(x: TensorInfo, shape: readonly number[]): Tensor {
    return this.run('Reshape', [x, this.ints(shape)]);
  }

  integer(name: string, value: number | readonly number[]): OpAttribute {
    return { name, type: this.backend.binding.TF_ATTR_INT, value };
  }

  real(name: string, value: number): OpAttribute {
    return { name, type: this.backend.binding.TF_ATTR_FLOAT, value };
  }

  flag(name: string, value: boolean): OpAttribute {
    return { name, type: this.backend.binding.TF_ATTR_BOOL, value };
  }

  text(name: string, value: string): OpAttribute {
    return { name, type: this.backend.binding.TF_ATTR_STRING, value };
  }

  type(name: string, value: number): OpAttribute {
    return { name, type: this.backend.binding.TF_ATTR_TYPE, value };
  }

  shape(name: string, value: readonly number[]): OpAttribute {
    return { name, type: this.backend.binding.TF_ATTR_SHAPE, value };
  }

  /** An int32 vector that is created once: shapes, axes, paddings. */
  ints(values: readonly number[], shape: readonly number[] = [values.length]): TensorInfo {
    return this.constant(`int32 ${values.join()} ${shape.join()}`, () => Int32Array.from(values), shape, 'int32');
  }

  int(value: number): TensorInfo {
    return this.ints([value], []);
  }

  /** A float32 vector that is created once. */
  floats(values: readonly number[]): TensorInfo {
    return this.constant(`float32 ${values.join()}`, () => Float32Array.from(values), [values.length], 'float32');
  }

  /** A float32 scalar that is created once. */
  scalar(value: number): TensorInfo {
    return this.constant(`scalar ${value}`, () => Float32Array.of(value), [], 'float32');
  }

  /** A float32 tensor that only these kernels see; release it with `discard`. */
  upload(values: Float32Array, shape: readonly number[]): TensorInfo {
    return { dataId: this.backend.write(values, [...shape], 'float32'), shape: [...shape], dtype: 'float32' };
  }

  /** An int32 vector that only these kernels see; release it with `discard`. */
  uploadInts(values: Int32Array): TensorInfo {
    return { dataId: this.backend.write(values, [values.length], 'int32'), shape: [values.length], dtype: 'int32' };
  }

  /**
   * Removes a result from TensorFlow.js's tensor count, because what these kernels keep is not a tensor of the
   * caller's. Release it with `discard`.
   */
  withdraw(tensor: Tensor): TensorInfo {
    const { dataId, shape, dtype } = tensor;
    this.backend.incRef(dataId);
    tensor.dispose();
    return { dataId, shape, dtype };
  }

  discard(info: TensorInfo): void {
    this.backend.disposeData(info.dataId);
  }

  entry(tensor: TensorInfo): TensorEntry {
    return this.backend.tensorMap.get(tensor.dataId);
  }

  private constant(
    key: string,
    values: () => Float32Array | Int32Array,
    shape: readonly number[],
    dtype: 'int32' | 'float32',
  ): TensorInfo {
    let info = this.constants.get(key);
    if (info === undefined) {
      info = { dataId: this.backend.write(values(), [...shape], dtype), shape: [...shape], dtype };
      this.constants.set(key, info);
    }
    return info;
  }
}
