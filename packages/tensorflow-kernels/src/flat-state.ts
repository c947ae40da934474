import type { Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { TensorflowOps } from './tensorflow-ops.ts';

/** Float32 values that TensorFlow changes in place, mirrored from TensorFlow.js variables. */
interface Resource {
  readonly handle: TensorInfo;
  /**
   * Data of the variables whose values the resource holds; if a variable has other data, other code has assigned it.
   */
  mirrored: readonly object[];
}

/** Neighboring parameters that one operation joins or splits along their first axis. */
interface Group {
  readonly from: number;
  readonly to: number;
  /** Elements. */
  readonly size: number;
  readonly rank: number;
  /** Extents of the first axis, parameter by parameter. */
  readonly lengths: readonly number[];
  /** Extents of the other axes. */
  readonly rest: readonly number[];
}

const fits = (a: Tensor | undefined, b: Tensor): boolean =>
  a?.rank === b.rank && a.shape.slice(1).join() === b.shape.slice(1).join();

function groupsOf(parameters: readonly Tensor[]): Group[] {
  const starts = parameters.flatMap((parameter, i) => (fits(parameters[i - 1], parameter) ? [] : [i]));
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? parameters.length,
      members = parameters.slice(from, to),
      [first] = members;
    return {
      from,
      to,
      size: members.reduce((sum, { size }) => sum + size, 0),
      rank: first?.rank ?? 0,
      lengths: members.map(({ shape }) => shape[0] ?? 1),
      rest: first?.shape.slice(1) ?? [],
    };
  });
}

const mirrors = ({ mirrored }: Resource, variables: readonly Variable[]): boolean =>
  variables.length === mirrored.length && variables.every(({ dataId }, i) => dataId === mirrored[i]);

const same = (a: readonly Tensor[], b: readonly Tensor[]): boolean =>
  a.length === b.length && a.every((each, i) => each === b[i]);

let made = 0;

/**
 * What an optimizer changes: the parameters, then its slots. Each is one resource variable of all parameters' elements,
 * so that one operation updates everything.
 */
export class FlatState {
  private readonly groups: readonly Group[];
  private readonly resources: readonly Resource[];

  constructor(
    private readonly ops: TensorflowOps,
    private readonly parameters: readonly Variable[],
    private readonly slots: readonly Variable[],
  ) {
    this.groups = groupsOf(parameters);
    const total = this.groups.reduce((sum, { size }) => sum + size, 0);
    this.resources = [parameters, ...slots.map((slot) => [slot])].map((variables) => {
      const isCurrent = (): boolean => mirrors(resource, variables);
      const resource: Resource = { handle: ops.createResource(total, `bakeoff ${++made}`, isCurrent), mirrored: [] };
      return resource;
    });
  }

  isOf(parameters: readonly Tensor[], slots: readonly Tensor[]): boolean {
    return same(parameters, this.parameters) && same(slots, this.slots);
  }

  /** Handles of the parameters and the slots, after their values have been brought up to date. */
  handles(): readonly TensorInfo[] {
    this.mirror(this.resources[0]!, this.parameters, () => this.flatten(this.parameters));
    this.slots.forEach((slot, i) => this.mirror(this.resources[i + 1]!, [slot], () => null));
    return this.resources.map(({ handle }) => handle);
  }

  /** Joins tensors shaped like the parameters into one vector, a new tensor. */
  flatten(tensors: readonly Tensor[]): Tensor {
    const owned: Tensor[] = [];
    const own = (tensor: Tensor): Tensor => (owned.push(tensor), tensor);
    const vectors = this.groups.map(({ from, to, size, rank }) => {
      const members = tensors.slice(from, to),
        joined = members.length === 1 ? members[0]! : own(this.join(members));
      return rank === 1 ? joined : own(this.ops.reshape(joined, [size]));
    });
    const vector = vectors.length === 1 ? this.ops.run('Identity', vectors) : this.join(vectors);
    for (const each of owned) each.dispose();
    return vector;
  }

  /** The parameters' values as one vector. */
  read(index = 0): Tensor {
    return this.ops.run('ReadVariableOp', [this.resources[index]!.handle], [this.ops.type('dtype', this.ops.float)]);
  }

  /** Assigns the resources' current values to the variables. */
  publish(): void {
    this.slots.forEach((slot, i) => {
      const values = this.read(i + 1);
      slot.assign(values);
      values.dispose();
      this.resources[i + 1]!.mirrored = [slot.dataId];
    });
    const vector = this.read();
    const parts = this.split(
      vector,
      this.groups.map(({ size }) => size),
    );
    this.groups.forEach((group, i) => this.assignGroup(group, parts[i]!));
    this.resources[0]!.mirrored = this.parameters.map(({ dataId }) => dataId);
  }

  /** Whether a recorded step works on it. */
  get isInUse(): boolean {
    return this.resources.some(({ handle }) => this.ops.isRetained(handle));
  }

  dispose(): void {
    for (const { handle } of this.resources) this.ops.release(handle);
  }

  /** Assigns a group's part of the vector, of which it takes ownership, to the group's parameters. */
  private assignGroup({ from, to, rank, lengths, rest }: Group, part: Tensor): void {
    const whole = rank === 1 ? part : this.ops.replace(part, 'Reshape', [this.ops.ints([-1, ...rest])]);
    const values = this.split(whole, lengths);
    this.parameters.slice(from, to).forEach((parameter, i) => {
      const value = values[i]!;
      parameter.assign(value);
      value.dispose();
    });
  }

  /** Along the first axis. */
  private join(tensors: readonly Tensor[]): Tensor {
    const attributes = [
      this.ops.integer('N', tensors.length),
      this.ops.type('T', this.ops.float),
      this.ops.type('Tidx', this.ops.int32),
    ];
    return this.ops.run('ConcatV2', [...tensors, this.ops.int(0)], attributes);
  }

  /** Along the first axis; takes ownership of the whole. */
  private split(whole: Tensor, lengths: readonly number[]): Tensor[] {
    if (lengths.length === 1) return [whole];
    const parts = this.ops.runMany('SplitV', [whole, this.ops.ints(lengths), this.ops.int(0)], lengths.length, [
      this.ops.integer('num_split', lengths.length),
    ]);
    whole.dispose();
    return parts;
  }

  private mirror(resource: Resource, variables: readonly Variable[], gather: () => Tensor | null): void {
    if (mirrors(resource, variables)) return;
    const gathered = gather();
    this.ops.runMany('AssignVariableOp', [resource.handle, gathered ?? variables[0]!], 0, [
      this.ops.type('dtype', this.ops.float),
    ]);
    gathered?.dispose();
    resource.mirrored = variables.map(({ dataId }) => dataId);
  }
}
