import type { Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { TensorflowOps } from './tensorflow-ops.ts';

/** Float32 values that TensorFlow changes in place, mirrored from TensorFlow.js variables. */
interface Resource {
  readonly handle: TensorInfo;
  /** Data of the variables that the resource holds the values of: other data means that somebody else assigned them. */
  mirrored: readonly object[];
}

const same = (a: readonly Tensor[], b: readonly Tensor[]): boolean => a.length === b.length && a.every((each, i) => each === b[i]);

let made = 0;

/** What an optimizer changes, each a resource variable of all parameters' elements: the parameters, then its slots. One operation then updates everything. */
export class FlatState {
  private readonly sizes: readonly number[];
  private readonly resources: readonly Resource[];

  constructor(
    private readonly ops: TensorflowOps,
    private readonly parameters: readonly Variable[],
    private readonly slots: readonly Variable[],
  ) {
    this.sizes = parameters.map(({ size }) => size);
    const total = this.sizes.reduce((sum, size) => sum + size, 0);
    this.resources = [parameters, ...slots].map(() => ({ handle: this.createHandle(total), mirrored: [] }));
  }

  isOf(parameters: readonly Tensor[], slots: readonly Tensor[]): boolean {
    return same(parameters, this.parameters) && same(slots, this.slots);
  }

  /** Handles of the parameters and the slots, whose values are brought up to date first. */
  handles(): readonly TensorInfo[] {
    this.mirror(this.resources[0] as Resource, this.parameters, () => this.flatten(this.parameters));
    this.slots.forEach((slot, i) => this.mirror(this.resources[i + 1] as Resource, [slot], () => null));
    return this.resources.map(({ handle }) => handle);
  }

  /** One vector of tensors shaped as the parameters. */
  flatten(tensors: readonly Tensor[]): Tensor {
    const vectors = tensors.map((tensor) => (tensor.rank === 1 ? tensor : this.ops.reshape(tensor, [tensor.size])));
    const { float, int32 } = this.ops;
    const attributes = [this.ops.integer('N', vectors.length), this.ops.type('T', float), this.ops.type('Tidx', int32)];
    const vector = vectors.length === 1 ? this.ops.run('Identity', vectors) : this.ops.run('ConcatV2', [...vectors, this.ops.int(0)], attributes);
    vectors.forEach((each, i) => each !== tensors[i] && each.dispose());
    return vector;
  }

  /** The parameters' values as one vector. */
  read(index = 0): Tensor {
    return this.ops.run('ReadVariableOp', [(this.resources[index] as Resource).handle], [this.ops.type('dtype', this.ops.float)]);
  }

  /** Gives the variables the values that the resources have now. */
  publish(): void {
    this.slots.forEach((slot, i) => {
      const values = this.read(i + 1);
      slot.assign(values);
      values.dispose();
      (this.resources[i + 1] as Resource).mirrored = [slot.dataId];
    });
    const vector = this.read(), parts = this.split(vector);
    this.parameters.forEach((parameter, i) => {
      const part = parts[i] as Tensor;
      const values = parameter.rank === 1 ? part : this.ops.replace(part, 'Reshape', [this.ops.ints(parameter.shape)]);
      parameter.assign(values);
      values.dispose();
    });
    vector.dispose();
    (this.resources[0] as Resource).mirrored = this.parameters.map(({ dataId }) => dataId);
  }

  dispose(): void {
    for (const { handle } of this.resources) {
      this.ops.runMany('DestroyResourceOp', [handle], 0);
      this.ops.discard(handle);
    }
  }

  private split(vector: Tensor): Tensor[] {
    if (this.sizes.length === 1) return [this.ops.run('Identity', [vector])];
    const attributes = [this.ops.integer('num_split', this.sizes.length)];
    return this.ops.runMany('SplitV', [vector, this.ops.ints(this.sizes), this.ops.int(0)], this.sizes.length, attributes);
  }

  private createHandle(size: number): TensorInfo {
    const attributes = [this.ops.type('dtype', this.ops.float), this.ops.shape('shape', [size]), this.ops.text('shared_name', `bakeoff ${++made}`)];
    return this.ops.withdraw(this.ops.run('VarHandleOp', [], attributes));
  }

  private mirror(resource: Resource, variables: readonly Variable[], gather: () => Tensor | null): void {
    if (variables.length === resource.mirrored.length && variables.every(({ dataId }, i) => dataId === resource.mirrored[i])) return;
    const gathered = gather();
    this.ops.runMany('AssignVariableOp', [resource.handle, gathered ?? (variables[0] as Variable)], 0, [this.ops.type('dtype', this.ops.float)]);
    gathered?.dispose();
    resource.mirrored = variables.map(({ dataId }) => dataId);
  }
}
