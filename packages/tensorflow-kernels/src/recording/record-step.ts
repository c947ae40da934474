import { type Tensor, type TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { HostInputs, HostValues } from '../host-inputs.ts';
import { hostInputs } from '../host-inputs-table.ts';
import type { OpAttribute, TensorEntry, TensorflowBackend, TensorMetadata } from '../tensorflow-backend.ts';
import type { TensorflowOps } from '../tensorflow-ops.ts';
import { intercept, type Interceptor, type KernelAttributes, type Place, tensorsOf } from './intercept.ts';
import { placeholder } from './placeholder.ts';

/** An operation of TensorFlow; tensors by the binding's ids. */
export interface RecordedOperation {
  readonly op: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly TensorMetadata[];
}

/** Values that the host computes anew for every step. */
interface Feed {
  readonly length: number;
  /** What TensorFlow took the values as; undefined: no operation did. */
  tensor?: TensorMetadata;
}

/** A tensor from before the step, by the kernel call that first takes it. */
export interface External {
  readonly entry: TensorEntry;
  readonly call: number;
  readonly place: Place;
  /** Present if the step can give it another value. */
  readonly variable: Variable | null;
  /** Id of the variable's value after the step; null: the same as before. */
  next: number | null;
}

/** A kernel call, or (name null) a tensor made between two of them. */
export interface RecordedCall {
  readonly name: string | null;
  readonly attributes: KernelAttributes;
  /** Present if the kernel computes some of its inputs on the host. */
  readonly host: HostInputs<(inputs: never, attributes: never) => unknown> | undefined;
  /** The first of its feeds, and their number. */
  readonly feeds: readonly [from: number, count: number];
  /** What stands in for its results when the step's code runs again. */
  readonly outputs: Tensor | readonly Tensor[];
}

/** What one eager step asked of TensorFlow. */
export interface Recording {
  readonly operations: readonly RecordedOperation[];
  readonly feeds: readonly Feed[];
  readonly externals: readonly External[];
  readonly calls: readonly RecordedCall[];
  /** Ids of the step's results. */
  readonly results: readonly number[];
  /** Values that every step uploads alike, by id. */
  readonly constants: ReadonlyMap<number, Constant>;
  readonly resources: ReadonlyMap<number, TensorInfo>;
}

export interface Constant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: HostValues;
}

export interface Recorded {
  readonly results: Tensor[];
  /** Or why this step is not like those that follow. */
  readonly recording: Recording | string;
}

/** Operations of a first step only: they make what later steps use. */
const PREPARING = new Set(['VarHandleOp', 'AssignVariableOp', 'DestroyResourceOp']);

class Recorder implements Interceptor {
  private readonly operations: RecordedOperation[] = [];
  private readonly feeds: Feed[] = [];
  private readonly feedOf = new Map<HostValues, Feed>();
  private readonly uploads = new Map<number, Constant>();
  private readonly externals = new Map<object, External>();
  private readonly calls: RecordedCall[] = [];
  /** Data of tensors that the step made. */
  private readonly own = new Set<object>();
  private readsValue = false;

  constructor(
    private readonly backend: TensorflowBackend,
    private readonly ops: TensorflowOps,
  ) {}

  record(step: () => Tensor[]): Recorded {
    const { backend, ops } = this;
    const { binding } = backend;
    const mutable = backend as { binding: TensorflowBackend['binding'] };
    mutable.binding = this.watch(binding);
    try {
      const results = intercept(this, step);
      return { results, recording: this.finish(results) };
    } finally {
      mutable.binding = binding;
      ops.onUpload = undefined;
    }
  }

  kernel(
    name: string,
    inputs: Readonly<Record<string, unknown>>,
    attributes: KernelAttributes,
    run: () => Tensor | Tensor[],
  ): Tensor | Tensor[] {
    const call = this.calls.length;
    for (const [tensor, place] of tensorsOf(inputs)) this.meet(tensor, call, place);
    const from = this.feeds.length;
    const host = (hostInputs as Readonly<Record<string, RecordedCall['host']>>)[name];
    this.ops.onUpload = host === undefined ? undefined : (values) => this.addFeed(values);
    const results = run();
    this.ops.onUpload = undefined;
    const list = Array.isArray(results) ? results : [results];
    for (const { dataId } of list) if (!this.externals.has(dataId)) this.own.add(dataId);
    const outputs = list.map(({ shape, dtype }) => placeholder(shape, dtype));
    this.calls.push({
      name,
      attributes,
      host,
      feeds: [from, this.feeds.length - from],
      outputs: Array.isArray(results) ? outputs : outputs[0]!,
    });
    return results;
  }

  tensor(make: () => Tensor): Tensor {
    const made = make();
    this.own.add(made.dataId);
    const from = this.feeds.length;
    const { values } = this.ops.entry(made);
    if (values !== null) this.addFeed(values);
    this.calls.push({
      name: null,
      attributes: {},
      host: undefined,
      feeds: [from, 1],
      outputs: placeholder(made.shape, made.dtype),
    });
    return made;
  }

  private addFeed(values: HostValues): void {
    const feed = { length: values.length };
    this.feeds.push(feed);
    this.feedOf.set(values, feed);
  }

  /** Notes a tensor that the step did not make. */
  private meet(tensor: TensorInfo, call: number, place: Place): void {
    const { dataId } = tensor;
    if (this.own.has(dataId) || this.externals.has(dataId)) return;
    const variable = tensor instanceof Variable ? tensor : null;
    this.externals.set(dataId, { entry: this.ops.entry(tensor), call, place, variable, next: null });
  }

  /** The binding, with what passes through it noted. */
  private watch(binding: TensorflowBackend['binding']): TensorflowBackend['binding'] {
    const executeOp: typeof binding.executeOp = (op, attributes, inputs, count) => {
      const outputs = binding.executeOp(op, attributes, inputs, count);
      this.operations.push({ op, attributes: [...attributes], inputs: [...inputs], outputs });
      return outputs;
    };
    const createTensor: typeof binding.createTensor = (shape, dtype, values) => {
      const id = binding.createTensor(shape, dtype, values);
      const feed = this.feedOf.get(values);
      if (feed === undefined) this.uploads.set(id, { dtype, shape: [...shape], values });
      else feed.tensor = { id, dtype, shape: [...shape] };
      return id;
    };
    const tensorDataSync: typeof binding.tensorDataSync = (id) => {
      this.readsValue = true;
      return binding.tensorDataSync(id);
    };
    return Object.create(
      binding,
      Object.fromEntries(
        Object.entries({ executeOp, createTensor, tensorDataSync }).map(([name, value]) => [name, { value }]),
      ),
    ) as TensorflowBackend['binding'];
  }

  private finish(results: readonly Tensor[]): Recording | string {
    if (this.readsValue) return 'it reads a value back';
    const preparing = this.operations.find(({ op }) => PREPARING.has(op));
    if (preparing !== undefined) return `it prepares later steps (${preparing.op})`;
    const externals = [...this.externals.values()];
    for (const external of externals) {
      const { variable, entry } = external;
      const after = variable === null ? entry : this.ops.entry(variable);
      if (after === entry) continue;
      if (after.values !== null) return 'it gives a variable a value from the host';
      external.next = after.id;
    }
    const { operations, feeds, calls } = this;
    return {
      operations,
      feeds,
      externals,
      calls,
      results: results.map((tensor) => this.ops.entry(tensor).id),
      constants: this.constants(externals),
      resources: this.ops.resourcesById(),
    };
  }

  /** What the step uploaded by itself, and what the kernels keep; not the first use of a tensor from before the step. */
  private constants(externals: readonly External[]): Map<number, Constant> {
    const { float, int32 } = this.ops;
    const kept = [...this.ops.constantsById()].map(([id, { shape, values }]) => {
      return [id, { dtype: values instanceof Float32Array ? float : int32, shape, values }] as const;
    });
    const constants = new Map([...this.uploads, ...kept]);
    for (const { entry } of externals) constants.delete(entry.id);
    return constants;
  }
}

/** Runs a step eagerly and notes what it asks of TensorFlow. */
export function recordStep(backend: TensorflowBackend, ops: TensorflowOps, step: () => Tensor[]): Recorded {
  return new Recorder(backend, ops).record(step);
}
