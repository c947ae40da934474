import type { OpAttribute } from '../tensorflow-backend.ts';
import { attributeValue, DataType, type GraphNode } from './graph-def.ts';
import { inferredTypes } from './inferred-types.ts';
import type { Constant, External, RecordedOperation, Recording } from './record-step.ts';
import { writeBatchNorm, writeBatchNormGrad, type Writing } from './xla-batch-norm.ts';

/** A tensor that a function takes, by its binding's id when the step was recorded. */
type Parameter = { readonly id: number } & (
  | { readonly kind: 'feed'; readonly index: number }
  | { readonly kind: 'external'; readonly external: External }
  | { readonly kind: 'resource' }
);

/** A function of the eager context, before it has a name. */
export interface StepGraph {
  readonly nodes: readonly GraphNode[];
  readonly parameters: readonly Parameter[];
  /** Names of the nodes for the parameters and for the results. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface GraphOptions {
  /** The graph is for XLA. */
  readonly xla: boolean;
}

/** A recorded step as two functions. */
export interface StepGraphs {
  /** Results: those of the step, then the new values of `carried`. */
  readonly step: StepGraph;
  /** Variables whose values each call takes and gives. */
  readonly carried: readonly External[];
  /** Gives the values of `published`; null if there are none. */
  readonly publish: StepGraph | null;
  /** Variables whose values follow from the resource variables that the step changes. */
  readonly published: readonly External[];
}

const KINDS = ['text', 'integer', 'real', 'flag', 'type', 'shape'] as const;
const WRITES = /^Resource(Apply|Scatter)|^Assign/;

function encodeAttribute({ name, type, value }: OpAttribute): Uint8Array {
  const kind = KINDS[type];
  if (kind === undefined) throw new Error(`attribute ${name} is of a kind that graphs of steps do not have: ${type}`);
  if (Array.isArray(value) && kind === 'integer') return attributeValue.integers(value as number[]);
  return (attributeValue[kind] as (value: OpAttribute['value']) => Uint8Array)(value);
}

/** What is known of a recording's tensors, by id. */
class Tensors {
  private readonly makers = new Map<number, number>();
  private readonly types = new Map<number, { readonly dtype: number; readonly shape: readonly number[] }>();
  private readonly derivations = new Map<number, ReadonlySet<number> | null>();
  /** The last operation that changes each resource variable. */
  private readonly lastWrite = new Map<number, number>();
  readonly parameters = new Map<number, Parameter>();

  constructor(readonly recording: Recording) {
    const { operations, feeds, externals, constants, resources } = recording;
    for (const [id, constant] of constants) this.types.set(id, constant);
    for (const [index, { tensor }] of feeds.entries())
      if (tensor !== undefined) this.addParameter({ id: tensor.id, kind: 'feed', index }, tensor);
    for (const external of externals)
      this.addParameter({ id: external.entry.id, kind: 'external', external }, external.entry);
    for (const id of resources.keys())
      this.addParameter({ id, kind: 'resource' }, { dtype: DataType.resource, shape: [] });
    for (const [at, { op, inputs, outputs }] of operations.entries()) {
      for (const output of outputs) {
        this.makers.set(output.id, at);
        this.types.set(output.id, output);
      }
      if (WRITES.test(op)) for (const id of inputs) if (resources.has(id)) this.lastWrite.set(id, at);
    }
  }

  /** The operation that makes a tensor; undefined: it is from outside. */
  makerOf(id: number): number | undefined {
    return this.makers.get(id);
  }

  typeOf(id: number): { readonly dtype: number; readonly shape: readonly number[] } {
    const type = this.types.get(id);
    if (type === undefined) throw new Error(`tensor ${id} is from before the step, and no kernel call takes it`);
    return type;
  }

  /**
   * The operations that a value follows from, if it follows from nothing but resource variables as the step leaves
   * them: such values need not be carried from step to step.
   */
  derivationOf(id: number): ReadonlySet<number> | null {
    const known = this.derivations.get(id);
    if (known !== undefined) return known;
    const found = this.derive(id);
    this.derivations.set(id, found);
    return found;
  }

  private derive(id: number): ReadonlySet<number> | null {
    const at = this.makers.get(id);
    if (at === undefined) return this.recording.constants.has(id) ? new Set() : null;
    const { op, inputs } = this.recording.operations[at]!;
    if (op === 'ReadVariableOp') return at > (this.lastWrite.get(inputs[0]!) ?? -1) ? new Set([at]) : null;
    if (WRITES.test(op)) return null;
    const parts = inputs.map((input) => this.derivationOf(input));
    return parts.includes(null) ? null : new Set([at, ...parts.flatMap((part) => [...part!])]);
  }

  private addParameter(
    parameter: Parameter,
    type: { readonly dtype: number; readonly shape: readonly number[] },
  ): void {
    if (parameter.id < 0 || this.parameters.has(parameter.id)) return;
    this.parameters.set(parameter.id, parameter);
    this.types.set(parameter.id, type);
  }
}

/** Writes nodes; names follow from their order alone, so that equal steps give equal graphs. */
class GraphWriter {
  readonly nodes: GraphNode[] = [];
  readonly parameters: Parameter[] = [];
  readonly inputs: string[] = [];
  private readonly names = new Map<number, string>();
  /** By resource variable: the last operation that changed it, and those that read it since. */
  private readonly orders = new Map<number, { written: string | null; read: string[] }>();

  constructor(
    private readonly tensors: Tensors,
    private readonly options: GraphOptions,
  ) {}

  /** Writes an operation, in a place where all its inputs are known, and what it takes from outside. */
  operation(at: number): void {
    const operation = this.tensors.recording.operations[at]!;
    const { op, attributes, inputs, outputs } = operation;
    const encoded = Object.fromEntries(attributes.map((each) => [each.name, encodeAttribute(each)]));
    for (const [name, input] of Object.entries(inferredTypes[op] ?? {}))
      encoded[name] ??= attributeValue.type(this.tensors.typeOf(inputs[input]!).dtype);
    const sources = inputs.map((id) => this.nameOf(id));
    if (this.options.xla && this.batchNorm(operation, sources)) return;
    const name = this.add(op, [...sources, ...Array.from(this.precedents(op, inputs), (each) => `^${each}`)], encoded);
    for (const [output, { id }] of outputs.entries()) this.names.set(id, output === 0 ? name : `${name}:${output}`);
    this.follow(op, inputs, name);
  }

  /** A tensor is known under another's name from here on. */
  alias(id: number, as: number): void {
    this.names.set(id, this.nameOf(as));
  }

  /** Forgets tensors, which are then written again where they are needed. */
  forget(ids: Iterable<number>): void {
    for (const id of ids) this.names.delete(id);
  }

  /** Results of the function; every change of a resource variable is done before the first is known. */
  results(ids: readonly number[]): string[] {
    const writes = [...this.orders.values()].flatMap(({ written }) => (written === null ? [] : [`^${written}`]));
    return ids.map((id, i) => {
      const attributes = { T: attributeValue.type(this.tensors.typeOf(id).dtype) };
      return this.add('Identity', [this.nameOf(id), ...(i === 0 ? new Set(writes) : [])], attributes);
    });
  }

  /** Batch norm in simple operations; returns false if the operation is another. */
  private batchNorm({ op, attributes, inputs, outputs }: RecordedOperation, sources: readonly string[]): boolean {
    const real = (name: string): number => attributes.find((each) => each.name === name)!.value as number;
    const graph: Writing = {
      add: (...node) => this.add(...node),
      constant: (value) => this.constant(value),
    };
    const images = (x: number) => ({
      sources,
      shape: this.tensors.typeOf(inputs[x]!).shape,
      epsilon: real('epsilon'),
    });
    const write: Readonly<Record<string, () => string[]>> = {
      FusedBatchNormV3: () => writeBatchNorm(graph, images(0), real('exponential_avg_factor')),
      FusedBatchNormGradV3: () => writeBatchNormGrad(graph, images(1)),
    };
    const names = write[op]?.();
    for (const [output, name] of names?.entries() ?? []) this.names.set(outputs[output]!.id, name);
    return names !== undefined;
  }

  private nameOf(id: number): string {
    let name = this.names.get(id);
    if (name === undefined) {
      const constant = this.tensors.recording.constants.get(id);
      name = constant === undefined ? this.parameter(id) : this.constant(constant);
      this.names.set(id, name);
    }
    return name;
  }

  private parameter(id: number): string {
    const parameter = this.tensors.parameters.get(id);
    const { dtype, shape } = this.tensors.typeOf(id);
    if (parameter === undefined) throw new Error(`tensor ${id} is used before it is made`);
    const attributes = { dtype: attributeValue.type(dtype), shape: attributeValue.shape(shape) };
    const name = this.add('Placeholder', [], attributes);
    this.parameters.push(parameter);
    this.inputs.push(name);
    return name;
  }

  private constant({ dtype, shape, values }: Constant): string {
    const content = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    return this.add('Const', [], {
      dtype: attributeValue.type(dtype),
      value: attributeValue.tensor(dtype, shape, content),
    });
  }

  private add(op: string, inputs: readonly string[], attributes: GraphNode['attributes']): string {
    const name = `n${this.nodes.length}`;
    this.nodes.push({ name, op, inputs, attributes });
    return name;
  }

  /** What has to be done before an operation on resource variables, in the recorded order. */
  private precedents(op: string, inputs: readonly number[]): Set<string> {
    const precedents = new Set<string>();
    for (const id of inputs) {
      const order = this.orders.get(id);
      if (order?.written != null) precedents.add(order.written);
      if (WRITES.test(op)) for (const each of order?.read ?? []) precedents.add(each);
    }
    return precedents;
  }

  private follow(op: string, inputs: readonly number[], name: string): void {
    for (const id of inputs) {
      if (!this.tensors.recording.resources.has(id)) continue;
      if (WRITES.test(op)) this.orders.set(id, { written: name, read: [] });
      else
        this.orders.set(id, {
          written: this.orders.get(id)?.written ?? null,
          read: [...(this.orders.get(id)?.read ?? []), name],
        });
    }
  }
}

const inOrder = (operations: ReadonlySet<number>): number[] => [...operations].toSorted((a, b) => a - b);

/** Which operations a step's function needs, and which variables it carries. */
function findNeeded(tensors: Tensors, derived: ReadonlyMap<number, number>) {
  const { operations, results, externals } = tensors.recording;
  const carriedById = new Map(
    externals.filter(({ next, entry }) => next !== null && !derived.has(entry.id)).map((each) => [each.entry.id, each]),
  );
  const needed = new Set<number>();
  const carried = new Set<External>();
  const atStart = new Set<number>();
  const wanted = [
    ...results,
    ...operations.flatMap(({ op, inputs }, at) => (WRITES.test(op) && needed.add(at) ? inputs : [])),
    // A variable may change without being read, such as running statistics.
    ...carriedById.keys(),
  ];
  for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
    const maker = tensors.makerOf(id);
    if (maker !== undefined) {
      if (!needed.has(maker)) wanted.push(...operations[maker]!.inputs);
      needed.add(maker);
      continue;
    }
    if (derived.has(id)) atStart.add(id);
    const external = carriedById.get(id);
    if (external === undefined || carried.has(external)) continue;
    carried.add(external);
    wanted.push(external.next!);
  }
  return { needed: needed as ReadonlySet<number>, carried: [...carried], atStart: [...atStart] };
}

/**
 * A recorded step as functions. Variables that the step leaves as values of resource variables are computed from those
 * when a step begins; the others that it changes are carried from call to call.
 * @throws Error naming what the step has that a graph cannot express
 */
export function buildStepGraphs(recording: Recording, options: GraphOptions): StepGraphs {
  const tensors = new Tensors(recording);
  const published = recording.externals.filter(({ next }) => next !== null && tensors.derivationOf(next) !== null);
  const derived = new Map(published.map(({ entry, next }) => [entry.id, next!]));
  const { needed, carried, atStart } = findNeeded(tensors, derived);
  const operationsOf = (ids: readonly number[]): number[] =>
    inOrder(new Set(ids.flatMap((id) => [...tensors.derivationOf(id)!])));

  const writer = new GraphWriter(tensors, options);
  const before = operationsOf(atStart.map((id) => derived.get(id)!));
  for (const at of before) writer.operation(at);
  for (const id of atStart) writer.alias(id, derived.get(id)!);
  writer.forget(before.flatMap((at) => recording.operations[at]!.outputs.map(({ id }) => id)));
  for (const at of inOrder(needed)) writer.operation(at);
  const outputs = writer.results([...recording.results, ...carried.map(({ next }) => next!)]);
  const step = { nodes: writer.nodes, parameters: writer.parameters, inputs: writer.inputs, outputs };
  return { step, carried, published, publish: published.length === 0 ? null : publishGraph() };

  function publishGraph(): StepGraph {
    const publisher = new GraphWriter(tensors, options);
    const ids = published.map(({ next }) => next!);
    for (const at of operationsOf(ids)) publisher.operation(at);
    const names = publisher.results(ids);
    return { nodes: publisher.nodes, parameters: publisher.parameters, inputs: publisher.inputs, outputs: names };
  }
}
