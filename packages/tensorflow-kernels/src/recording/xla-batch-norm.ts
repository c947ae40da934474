import { attributeValue, DataType, type GraphNode } from './graph-def.ts';
import type { Constant } from './record-step.ts';

/** A graph that is being written. */
export interface Writing {
  /** Adds a node and returns its name. */
  add(op: string, inputs: readonly string[], attributes: GraphNode['attributes']): string;
  constant(value: Constant): string;
}

interface Images {
  /** Names of the operation's inputs. */
  readonly sources: readonly string[];
  /** Of x: [n, h, w, channels]. */
  readonly shape: readonly number[];
  readonly epsilon: number;
}

const T = attributeValue.type(DataType.float);
const Tidx = attributeValue.type(DataType.int32);

/** Arithmetic of float32 tensors, as nodes; operands broadcast. */
class Arithmetic {
  constructor(private readonly graph: Writing) {}

  of(op: 'AddV2' | 'Sub' | 'Mul' | 'Rsqrt', ...inputs: string[]): string {
    return this.graph.add(op, inputs, { T });
  }

  scalar(value: number): string {
    return this.graph.constant({ dtype: DataType.float, shape: [], values: Float32Array.of(value) });
  }

  /** Of each channel: over each image first, so that no sum has as many terms as the batch has pixels. */
  means(x: string): string {
    return this.mean(this.mean(x, [1, 2]), [0]);
  }

  private mean(x: string, axes: readonly number[]): string {
    const places = this.graph.constant({ dtype: DataType.int32, shape: [axes.length], values: Int32Array.from(axes) });
    return this.graph.add('Mean', [x, places], { T, Tidx });
  }
}

const valuesPerChannel = (shape: readonly number[]): number =>
  shape.slice(0, -1).reduce((size, each) => size * each, 1);

/**
 * FusedBatchNormV3 in training mode, for XLA, which itself computes the variance as E[x²] − E[x]², and adds all values of
 * a channel one by one. Returns the names of its outputs: y, both running statistics, mean, (biased) variance, and in
 * place of what is cuDNN's own, the variance again.
 * @param share Of the batch in the running statistics.
 */
export function writeBatchNorm(graph: Writing, { sources, shape, epsilon }: Images, share: number): string[] {
  const [x, gamma, beta, runningMean, runningVariance] = sources as [string, string, string, string, string];
  const math = new Arithmetic(graph);
  const mean = math.means(x);
  const centered = math.of('Sub', x, mean);
  const variance = math.means(math.of('Mul', centered, centered));
  const inverse = math.of('Rsqrt', math.of('AddV2', variance, math.scalar(epsilon)));
  const y = math.of('AddV2', math.of('Mul', centered, math.of('Mul', inverse, gamma)), beta);
  const count = valuesPerChannel(shape);
  const unbiased = math.of('Mul', variance, math.scalar(count / Math.max(count - 1, 1)));
  const moved = (old: string, now: string): string =>
    share === 1
      ? now
      : math.of('AddV2', math.of('Mul', old, math.scalar(1 - share)), math.of('Mul', now, math.scalar(share)));
  return [y, moved(runningMean, mean), moved(runningVariance, unbiased), mean, variance, variance];
}

/** FusedBatchNormGradV3 for the mean and variance of `writeBatchNorm`. Returns the gradients of x, gamma and beta. */
export function writeBatchNormGrad(graph: Writing, { sources, shape, epsilon }: Images): string[] {
  const [dy, x, gamma, mean, variance] = sources as [string, string, string, string, string];
  const math = new Arithmetic(graph);
  const inverse = math.of('Rsqrt', math.of('AddV2', variance, math.scalar(epsilon)));
  const normalized = math.of('Mul', math.of('Sub', x, mean), inverse);
  const meanDy = math.means(dy);
  const meanProduct = math.means(math.of('Mul', dy, normalized));
  const rest = math.of('Sub', math.of('Sub', dy, meanDy), math.of('Mul', normalized, meanProduct));
  const count = math.scalar(valuesPerChannel(shape));
  return [
    math.of('Mul', rest, math.of('Mul', gamma, inverse)),
    math.of('Mul', meanProduct, count),
    math.of('Mul', meanDy, count),
  ];
}
