import type { Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import type { OpAttribute, TensorEntry, TensorflowBackend, TensorflowBinding } from '../tensorflow-backend.ts';
import type { TensorflowOps } from '../tensorflow-ops.ts';
import { encodeGraph } from './graph-def.ts';
import type { External, Recording } from './record-step.ts';
import { NotUploadedError, replayStep, type StepValues } from './replay-step.ts';
import { buildStepGraphs, type GraphOptions, type StepGraph, type StepGraphs } from './step-graph.ts';

/** Names of the functions that each binding has: a function stays as long as the process. */
const known = new WeakMap<TensorflowBinding, Set<string>>();

/** Gives the binding a graph as a function, once, and returns the function's name: equal graphs share it. */
function addFunction(binding: TensorflowBinding, { nodes, inputs, outputs }: StepGraph): string {
  const encoded = encodeGraph(nodes);
  const endpoints = [inputs, outputs].map((names) => names.map((name) => `${name}:0`).join()) as [string, string];
  const digest = createHash('sha256').update(encoded).update(endpoints.join(' ')).digest('hex');
  const name = `bakeoff_${digest.slice(0, 32)}`;
  let names = known.get(binding);
  if (names === undefined) known.set(binding, (names = new Set()));
  if (!names.has(name)) binding.addFunction!(name, encoded, ...endpoints);
  names.add(name);
  return name;
}

/** A recorded step as one call of TensorFlow. */
export class StepFunction {
  private readonly graphs: StepGraphs;
  private readonly name: string;
  private readonly publishName: string | null;
  private readonly attributes: readonly OpAttribute[];
  /** The external tensors that the function takes or gives, by the kernel call that first takes each. */
  private readonly externals = new Map<number, External[]>();
  /** The resource variables that the function takes. */
  private readonly resources: readonly TensorInfo[];

  /** @throws Error if the step cannot be a graph, or TensorFlow refuses the graph */
  constructor(
    private readonly backend: TensorflowBackend,
    private readonly ops: TensorflowOps,
    private readonly recording: Recording,
    options: GraphOptions,
  ) {
    const { binding } = backend;
    this.graphs = buildStepGraphs(recording, options);
    const { step, publish, carried } = this.graphs;
    this.name = addFunction(binding, step);
    this.publishName = publish === null ? null : addFunction(binding, publish);
    this.attributes = options.xla ? [ops.flag('_XlaMustCompile', true)] : [];
    const taken = step.parameters.flatMap((parameter) => (parameter.kind === 'external' ? [parameter.external] : []));
    for (const external of new Set([...taken, ...carried])) {
      const { call } = external;
      this.externals.set(call, [...(this.externals.get(call) ?? []), external]);
    }
    this.resources = step.parameters.flatMap(({ kind, id }) =>
      kind === 'resource' ? [recording.resources.get(id)!] : [],
    );
    for (const resource of recording.resources.values()) ops.retain(resource, 1);
  }

  /** Whether calls leave variables without the values that they should have. */
  get needsPublishing(): boolean {
    return this.publishName !== null;
  }

  /**
   * Does in one call what `step` would do, and returns its results.
   * @throws DifferentStepError or NotUploadedError, before anything has changed
   */
  run(step: () => readonly Tensor[]): Tensor[] {
    const { recording, ops, backend, graphs } = this;
    if (!this.resources.every((resource) => ops.isCurrent(resource))) throw new NotUploadedError();
    const values = replayStep(recording, this.externals, ops, step);
    const outputs = this.call(this.name, graphs.step, values, this.attributes);
    const results = outputs.splice(0, recording.results.length).map((output) => backend.createOutputTensor(output));
    for (const [i, external] of graphs.carried.entries())
      this.assign(values.variables.get(external)!, values.entries.get(external)!, outputs[i]!);
    return results;
  }

  /** Gives the variables that the step changes through resource variables their values. */
  publish(): void {
    const { publish, published } = this.graphs;
    if (publish === null) return;
    const nothing: StepValues = { feeds: [], entries: new Map(), variables: new Map() };
    const outputs = this.call(this.publishName!, publish, nothing, []);
    for (const [i, { variable }] of published.entries()) this.assign(variable!, this.ops.entry(variable!), outputs[i]!);
  }

  dispose(): void {
    for (const resource of this.recording.resources.values()) this.ops.retain(resource, -1);
  }

  private call(
    name: string,
    { parameters, outputs }: StepGraph,
    { feeds, entries }: StepValues,
    attributes: readonly OpAttribute[],
  ): ReturnType<TensorflowBinding['executeOp']> {
    const { binding } = this.backend;
    const uploaded: number[] = [];
    try {
      const inputs = parameters.map((parameter) => {
        if (parameter.kind === 'resource') return parameter.id;
        if (parameter.kind === 'external') return entries.get(parameter.external)!.id;
        const { dtype, shape } = this.recording.feeds[parameter.index]!.tensor!;
        const id = binding.createTensor(shape, dtype, feeds[parameter.index]!);
        uploaded.push(id);
        return id;
      });
      return binding.executeOp(name, attributes, inputs, outputs.length);
    } finally {
      for (const id of uploaded) binding.deleteTensor(id);
    }
  }

  /** A variable's new value; its data stay the same object, by which optimizers know their variables. */
  private assign(variable: Variable, entry: TensorEntry, output: ReturnType<TensorflowBinding['executeOp']>[0]): void {
    if (entry.refCount === 1 && entry.values === null) {
      this.backend.binding.deleteTensor(entry.id);
      entry.id = output.id;
      return;
    }
    const value = this.backend.createOutputTensor(output);
    variable.assign(value);
    value.dispose();
  }
}
