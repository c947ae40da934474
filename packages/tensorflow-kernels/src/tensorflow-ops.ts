import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { HostValues } from './host-inputs.ts';
import type { OpAttribute, TensorEntry, TensorflowBackend } from './tensorflow-backend.ts';

/** A tensor that is created once, with the values that it has. */
interface Constant {
  readonly info: TensorInfo;
  readonly values: Float32Array | Int32Array;
}

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
  /** Called with values that a kernel computed on the host for this call alone. */
  onUpload: ((values: HostValues) => void) | undefined;
  private readonly constants = new Map<string, Constant>();
  /** Live resource variables, with the number of those that hold each besides its maker, and the maker's `isCurrent`. */
  private readonly resources = new Map<TensorInfo, { holders: number; readonly isCurrent: () => boolean }>();

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

  /**
   * A float32 or int32 tensor of values that a kernel computed on the host for this call alone; only the kernel sees it,
   * and releases it with `discard`.
   */
  upload(values: Float32Array | Int32Array, shape: readonly number[]): TensorInfo {
    this.onUpload?.(values);
    const dtype = values instanceof Float32Array ? 'float32' : 'int32';
    return { dataId: this.backend.write(values, [...shape], dtype), shape: [...shape], dtype };
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

  /**
   * A resource variable of float32 values, which `release` frees.
   * @param isCurrent Whether it has the values of the variables that it stands for.
   */
  createResource(size: number, name: string, isCurrent: () => boolean): TensorInfo {
    const attributes = [this.type('dtype', this.float), this.shape('shape', [size]), this.text('shared_name', name)];
    const handle = this.withdraw(this.run('VarHandleOp', [], attributes));
    this.resources.set(handle, { holders: 0, isCurrent });
    return handle;
  }

  release(resource: TensorInfo): void {
    this.resources.delete(resource);
    this.runMany('DestroyResourceOp', [resource], 0);
    this.discard(resource);
  }

  /** Adds (1) or takes away (-1) a holder of a resource variable. */
  retain(resource: TensorInfo, change: 1 | -1): void {
    const known = this.resources.get(resource);
    if (known !== undefined) known.holders += change;
  }

  isRetained(resource: TensorInfo): boolean {
    return (this.resources.get(resource)?.holders ?? 0) > 0;
  }

  /** Whether no other code has given the variables that it stands for other values. */
  isCurrent(resource: TensorInfo): boolean {
    return this.resources.get(resource)?.isCurrent() ?? false;
  }

  /** The live resource variables by the binding's ids. */
  resourcesById(): ReadonlyMap<number, TensorInfo> {
    return new Map([...this.resources.keys()].map((resource) => [this.entry(resource).id, resource]));
  }

  /** The values of the tensors that are created once, by the binding's ids. */
  constantsById(): ReadonlyMap<number, { readonly shape: readonly number[]; readonly values: HostValues }> {
    return new Map(
      [...this.constants.values()].map(({ info, values }) => [this.entry(info).id, { shape: info.shape, values }]),
    );
  }

  private constant(
    key: string,
    values: () => Float32Array | Int32Array,
    shape: readonly number[],
    dtype: 'int32' | 'float32',
  ): TensorInfo {
    let constant = this.constants.get(key);
    if (constant === undefined) {
      const made = values();
      const info = { dataId: this.backend.write(made, [...shape], dtype), shape: [...shape], dtype };
      this.constants.set(key, (constant = { info, values: made }));
    }
    return constant.info;
  }
}
