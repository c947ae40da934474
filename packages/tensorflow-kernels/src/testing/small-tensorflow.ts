import {
  DataStorage,
  type DataType as TensorType,
  engine,
  KernelBackend,
  registerBackend,
} from '@tensorflow/tfjs-core';
import type { HostValues } from '../host-inputs.ts';
import { DataType } from '../recording/graph-def.ts';
import type { OpAttribute, TensorEntry, TensorMetadata } from '../tensorflow-backend.ts';
import { type ReadNode, readGraph } from './read-graph.ts';
import { type SmallTensor, smallOperations } from './small-operations.ts';

interface SmallFunction {
  readonly nodes: readonly ReadNode[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const typed = (content: Uint8Array, dtype: number): SmallTensor['values'] => {
  const { buffer } = Uint8Array.from(content);
  return dtype === DataType.int32 ? new Int32Array(buffer) : new Float32Array(buffer);
};

const namesIn = (list: string): string[] => list.split(',').filter((each) => each !== '');

/** A node that waits for another, `^name`, or takes one of its outputs, `name:1`. */
const sourceOf = (input: string): string => input.replace(/^\^|:\d+$/g, '');

/** The binding of TensorFlow, with a few operations in JavaScript. A function's nodes run in any order that it allows. */
class SmallBinding {
  readonly TF_Version = '0';
  readonly TF_FLOAT = DataType.float;
  readonly TF_INT32 = DataType.int32;
  readonly TF_UINT8 = DataType.uint8;
  readonly TF_ATTR_STRING = 0;
  readonly TF_ATTR_INT = 1;
  readonly TF_ATTR_FLOAT = 2;
  readonly TF_ATTR_BOOL = 3;
  readonly TF_ATTR_TYPE = 4;
  readonly TF_ATTR_SHAPE = 5;
  private readonly tensors = new Map<number, SmallTensor>();
  private readonly functions = new Map<string, SmallFunction>();
  /** An object, because the binding is watched by objects that inherit from it. */
  private readonly last = { id: 0 };

  get tensorCount(): number {
    return this.tensors.size;
  }

  createTensor(shape: readonly number[], dtype: number, values: HostValues): number {
    return this.keep({ dtype, shape, values: values.slice() });
  }

  deleteTensor(id: number): void {
    if (!this.tensors.delete(id)) throw new Error(`tensor ${id} is deleted twice`);
  }

  tensorDataSync(id: number): HostValues {
    return this.tensors.get(id)!.values;
  }

  executeOp(op: string, attributes: readonly OpAttribute[], ids: readonly number[], outputs: number): TensorMetadata[] {
    const inputs = ids.map((id) => this.tensors.get(id)!);
    const results = this.run(op, attributes, inputs);
    if (results.length !== outputs) throw new Error(`${op} has ${results.length} outputs, not ${outputs}`);
    return results.map((result) => ({ id: this.keep(result), dtype: result.dtype, shape: [...result.shape] }));
  }

  addFunction(name: string, graph: Uint8Array, inputs: string, outputs: string): void {
    if (this.functions.has(name)) throw new Error(`the function ${name} is added twice`);
    this.functions.set(name, { nodes: readGraph(graph), inputs: namesIn(inputs), outputs: namesIn(outputs) });
  }

  private keep(tensor: SmallTensor): number {
    this.tensors.set(++this.last.id, tensor);
    return this.last.id;
  }

  private run(op: string, attributes: readonly OpAttribute[], inputs: readonly SmallTensor[]): readonly SmallTensor[] {
    const called = this.functions.get(op);
    if (called !== undefined) return runFunction(called, inputs);
    if (op === 'VarHandleOp') {
      const [size] = attributes.find(({ name }) => name === 'shape')!.value as readonly number[];
      return [{ dtype: DataType.resource, shape: [], values: new Float32Array(size!) }];
    }
    const run = smallOperations[op];
    if (run === undefined) throw new Error(`Invalid TF_Status: 5\nMessage: Op type not registered '${op}'`);
    const reals = attributes.flatMap(({ name, type, value }) =>
      type === this.TF_ATTR_FLOAT ? [[name, Math.fround(value as number)] as const] : [],
    );
    return run(inputs, Object.fromEntries(reals));
  }
}

let drawn = 1;
/** One of several, another one each time, but the same in each run of a test. */
function draw<Item>(items: readonly Item[]): Item | undefined {
  drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
  return items[Math.floor((drawn / 2 ** 32) * items.length)];
}

function runFunction({ nodes, inputs, outputs }: SmallFunction, given: readonly SmallTensor[]): SmallTensor[] {
  const done = new Map<string, readonly SmallTensor[]>(
    inputs.map((name, i) => [name.replace(/:0$/, ''), [given[i]!]] as const),
  );
  const find = (input: string): SmallTensor => {
    const [name, output = '0'] = input.split(':');
    return done.get(name!)![Number(output)]!;
  };
  const isReady = ({ name, inputs: sources }: ReadNode): boolean =>
    !done.has(name) && sources.every((source) => done.has(sourceOf(source)));
  for (let node = draw(nodes.filter(isReady)); node !== undefined; node = draw(nodes.filter(isReady))) {
    const { name, op, reals, value } = node;
    const sources = node.inputs.filter((input) => !input.startsWith('^')).map(find);
    if (value === undefined) done.set(name, smallOperations[op]!(sources, reals));
    else done.set(name, [{ dtype: value.dtype, shape: value.shape, values: typed(value.content, value.dtype) }]);
  }
  return outputs.map(find);
}

const types: Readonly<Record<string, number>> = { float32: DataType.float, int32: DataType.int32 };

/** What @tensorflow/tfjs-node's backend does for the kernels of this package, on `SmallBinding`. */
export class SmallTensorflow extends KernelBackend {
  readonly binding = new SmallBinding();
  readonly isUsingGpuDevice = false;
  readonly tensorMap: DataStorage<TensorEntry> = new DataStorage<TensorEntry>(this, engine());

  executeSingleOutput(op: string, attributes: readonly OpAttribute[], inputs: readonly { dataId: object }[]) {
    return this.executeMultipleOutputs(op, attributes, inputs, 1)[0]!;
  }

  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly { dataId: object }[],
    outputs: number,
  ) {
    const ids = inputs.map(({ dataId }) => this.uploaded(this.tensorMap.get(dataId)));
    return this.binding.executeOp(op, attributes, ids, outputs).map((output) => this.createOutputTensor(output));
  }

  createOutputTensor({ id, dtype, shape }: TensorMetadata) {
    const dataId = {};
    this.tensorMap.set(dataId, { id, dtype, shape, values: null, refCount: 1 });
    const name: TensorType = dtype === DataType.float ? 'float32' : dtype === DataType.int32 ? 'int32' : 'string';
    return engine().makeTensorFromTensorInfo({ dataId, shape, dtype: name });
  }

  override write(values: HostValues, shape: number[], dtype: TensorType): object {
    const dataId = {};
    this.tensorMap.set(dataId, { id: -1, dtype: types[dtype]!, shape, values, refCount: 1 });
    return dataId;
  }

  override readSync(dataId: object): HostValues {
    const { values, id } = this.tensorMap.get(dataId);
    return values ?? this.binding.tensorDataSync(id);
  }

  override incRef(dataId: object): void {
    this.tensorMap.get(dataId).refCount++;
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.tensorMap.has(dataId)) return true;
    const entry = this.tensorMap.get(dataId);
    if (--entry.refCount > 0 && !force) return false;
    if (entry.id >= 0) this.binding.deleteTensor(entry.id);
    return this.tensorMap.delete(dataId);
  }

  override numDataIds(): number {
    return this.tensorMap.numDataIds();
  }

  override floatPrecision(): 32 {
    return 32;
  }

  private uploaded(entry: TensorEntry): number {
    if (entry.values !== null)
      Object.assign(entry, {
        id: this.binding.createTensor(entry.shape, entry.dtype, entry.values),
        values: null,
      });
    return entry.id;
  }
}

/** Registers it under the name of TensorFlow's backend; one per test file. */
export function registerSmallTensorflow(): SmallTensorflow {
  const small = new SmallTensorflow();
  registerBackend('tensorflow', () => small);
  return small;
}
