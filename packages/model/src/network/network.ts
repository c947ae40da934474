import { type ModelConfig, type Random, type SafeTensor } from '@bakeoff/core';
import {
  keep,
  tensor,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  variable,
  type Variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { NetworkInput } from '../architectures/architecture.ts';
import { buildLayers } from '../architectures/registry.ts';
import { describeModel, type ModelDescription } from '../cost/describe-model.ts';
import { fuseLayers } from '../graph/fuse-layers.ts';
import { layerWeights } from '../graph/layer-weights.ts';
import { flattenLayers, placeLayers } from '../graph/place-layers.ts';
import type { WeightSpec } from '../layers/layer-weights.ts';
import type { Operation } from '../layers/operation.ts';
import { createSequence } from './create-sequence.ts';
import { initialValues } from './initial-values.ts';
import type { Sequence } from './operators/sequence.ts';
import { Predictor } from './predictor.ts';
import { checkState } from './check-state.ts';
import { Value } from './value.ts';
import { Weights } from './weights.ts';

export interface NamedVariable {
  /** PyTorch's dotted name, e.g. `blocks.0.conv1.weight`, `bn.running_mean`. */
  readonly name: string;
  readonly variable: Variable;
}

/**
 * A network on the current engine. float32 throughout; convolution weights are [height, width, in, out], dense ones
 * [in, out] (the transposes of PyTorch's), and features are flattened in the order height, width, channel.
 */
export interface Network {
  /** Trainable, in a stable order. */
  readonly parameters: readonly NamedVariable[];
  /** Running means and variances of batch norm. */
  readonly buffers: readonly NamedVariable[];
  /** Logits per image: the number of classes, or more (ResNet18 with torchvision's 1000). */
  readonly outputs: number;
  /** Sets every parameter from its own stream, `random` split by its name; running statistics to mean 0, variance 1. */
  initialize(random: Random): void;
  /**
   * Training pass over normalized images [n, h, w, c]: logits [n, outputs]. Updates the running statistics and keeps
   * what backward needs (including the images, so the caller may dispose them). Dropout masks depend only on (seed,
   * step, layer, element).
   * @throws UserError if batch norm would see a single value per channel.
   */
  forward(images: Tensor4D, training: { readonly seed: number; readonly step: number }): Tensor2D;
  /**
   * Gradients of the last forward pass by parameter name; its kept activations are freed on the way. The caller
   * disposes the gradients and dLogits.
   */
  backward(dLogits: Tensor2D): Map<string, Tensor>;
  /** Evaluation mode: running statistics, no dropout. Logits [n, outputs]. */
  predict(images: Tensor4D): Tensor2D;
  /**
   * A snapshot of the network for many predictions, which folds batch norm once. It does not follow later changes of
   * the weights: dispose it before they change. In groups: large batches a part at a time, so that activations stay in
   * the processor's caches; the results are the same.
   */
  freeze(options?: { readonly inGroups?: boolean }): Predictor;
  /** Copies of parameters and buffers by name. */
  state(): Record<string, SafeTensor>;
  /**
   * @throws UserError, which calls the state `name`, if a tensor is missing, unknown or has another shape; the network
   * is then unchanged.
   */
  loadState(state: Readonly<Record<string, SafeTensor>>, name: string): void;
  /** Frees the variables and what a forward pass kept. */
  dispose(): void;
}

function createVariable({ name, shape }: WeightSpec, trainable: boolean): NamedVariable {
  const start = zeros([...shape]);
  const created: Variable = keep(variable(start, trainable));
  start.dispose();
  return { name, variable: created };
}

class LayeredNetwork implements Network {
  readonly parameters: readonly NamedVariable[];
  readonly buffers: readonly NamedVariable[];
  private readonly sequence: Sequence;
  private readonly variables: ReadonlyMap<string, Variable>;
  private readonly weights: Weights;

  constructor(
    private readonly operations: readonly Operation[],
    private readonly parameterSpecs: readonly WeightSpec[],
    private readonly bufferSpecs: readonly WeightSpec[],
    readonly outputs: number,
    private readonly groupSize: number,
  ) {
    this.parameters = parameterSpecs.map((spec) => createVariable(spec, true));
    this.buffers = bufferSpecs.map((spec) => createVariable(spec, false));
    this.variables = new Map([...this.parameters, ...this.buffers].map((each) => [each.name, each.variable]));
    this.weights = new Weights(this.variables);
    this.sequence = createSequence(operations, this.weights);
  }

  initialize(random: Random): void {
    for (const spec of [...this.parameterSpecs, ...this.bufferSpecs])
      this.assign(spec, initialValues(spec, random.split(spec.name)));
  }

  forward(images: Tensor4D, training: { readonly seed: number; readonly step: number }): Tensor2D {
    this.sequence.forget();
    const input = new Value(images.clone());
    const logits = this.sequence.forward(input, training);
    input.release();
    return logits.tensor as Tensor2D;
  }

  backward(dLogits: Tensor2D): Map<string, Tensor> {
    const gradients = new Map<string, Tensor>();
    this.sequence.backward(new Value(dLogits.clone()), gradients, false)?.release();
    return gradients;
  }

  predict(images: Tensor4D): Tensor2D {
    const predictor = this.freeze();
    try {
      return predictor.predict(images);
    } finally {
      predictor.dispose();
    }
  }

  freeze({ inGroups = false } = {}): Predictor {
    return new Predictor(this.operations, this.weights, inGroups ? this.groupSize : Infinity);
  }

  state(): Record<string, SafeTensor> {
    return Object.fromEntries(
      [...this.variables].map(([name, values]) => [
        name,
        { shape: [...values.shape], data: Float32Array.from(values.dataSync()) },
      ]),
    );
  }

  loadState(state: Readonly<Record<string, SafeTensor>>, name: string): void {
    const values = checkState([...this.parameterSpecs, ...this.bufferSpecs], state, name);
    for (const [spec, data] of values) this.assign(spec, data);
  }

  dispose(): void {
    this.sequence.forget();
    for (const each of this.variables.values()) each.dispose();
  }

  private assign({ name, shape }: WeightSpec, values: Float32Array): void {
    const made = tensor(values, [...shape], 'float32');
    this.weights.variable(name).assign(made);
    made.dispose();
  }
}

/** How often a weight should be used, once it has been read: fewer images than that takes cost more than they save. */
const USES_OF_A_WEIGHT = 5000;
const LEAST_GROUP = 16;

/** Images that go through a network together where caches matter. */
function groupSizeOf({ macs, parameters }: ModelDescription): number {
  return Math.max(LEAST_GROUP, Math.ceil((USES_OF_A_WEIGHT * parameters) / Math.max(1, macs)));
}

/**
 * Builds a model on the current engine (see loadEngine). All parameters are zero until `initialize` or `loadState`.
 * @throws UserError on an unknown model type or settings that do not fit.
 */
export function createNetwork(model: ModelConfig, input: NetworkInput): Network {
  const placed = placeLayers(buildLayers(model, input), input.imageShape);
  const weights = flattenLayers(placed).map(layerWeights);
  const outputs = placed.at(-1)!.output[0]!;
  return new LayeredNetwork(
    fuseLayers(placed),
    weights.flatMap(({ parameters }) => parameters),
    weights.flatMap(({ buffers }) => buffers),
    outputs,
    groupSizeOf(describeModel(model, input)),
  );
}
