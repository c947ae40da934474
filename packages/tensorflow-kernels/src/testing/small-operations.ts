import { DataType } from '../recording/graph-def.ts';

export interface SmallTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Of a resource variable's handle: what the variable holds. */
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** @param reals attributes that are reals */
type Operation = (inputs: readonly SmallTensor[], reals: Readonly<Record<string, number>>) => readonly SmallTensor[];

const float = (values: ArrayLike<number>, shape: readonly number[]): SmallTensor => ({
  dtype: DataType.float,
  shape,
  values: Float32Array.from(values),
});

const at = ({ values }: SmallTensor, i: number): number => values[i % values.length]!;

/** Element by element; a scalar, or a row, is repeated. */
const pairs =
  (compute: (a: number, b: number) => number): Operation =>
  ([a, b]) => {
    const { shape } = a!.values.length >= b!.values.length ? a! : b!;
    const size = Math.max(a!.values.length, b!.values.length);
    return [
      float(
        Float32Array.from({ length: size }, (_, i) => compute(at(a!, i), at(b!, i))),
        shape,
      ),
    ];
  };

const scalar = ({ values }: SmallTensor): number => values[0]!;
/** What comes of changing a resource variable's values one by one. */
function change({ values }: SmallTensor, to: (value: number, at: number) => number): void {
  for (const [i, value] of values.entries()) values[i] = to(value, i);
}

/** Of each channel, over all axes but the last. */
function meansOf(values: ArrayLike<number>, channels: number): number[] {
  const sums = Array.from({ length: channels }, () => 0);
  for (let i = 0; i < values.length; i++) sums[i % channels]! += values[i]!;
  return sums.map((sum) => (sum * channels) / values.length);
}

const sizeOf = (extents: readonly number[]): number => extents.reduce((product, extent) => product * extent, 1);

/** Over neighboring axes, without them in the result. */
function mean({ values, shape }: SmallTensor, axes: SmallTensor): SmallTensor {
  const [first, last] = [axes.values[0]!, axes.values.at(-1)!];
  const [count, inner] = [sizeOf(shape.slice(first, last + 1)), sizeOf(shape.slice(last + 1))];
  const parts = Array.from({ length: sizeOf(shape.slice(0, first)) }, (_, i) =>
    meansOf(values.subarray(i * count * inner, (i + 1) * count * inner), inner),
  );
  return float(parts.flat(), [...shape.slice(0, first), ...shape.slice(last + 1)]);
}

/** TensorFlow's operations of the names, whose results are rounded to float32, as far as the tests' steps need them. */
export const smallOperations: Readonly<Record<string, Operation>> = {
  AddV2: pairs((a, b) => a + b),
  Mul: pairs((a, b) => a * b),
  Sub: pairs((a, b) => a - b),
  Relu: ([x]) => [
    float(
      Array.from(x!.values, (value) => Math.max(value, 0)),
      x!.shape,
    ),
  ],
  Identity: ([x]) => [{ ...x!, values: x!.values.slice() }],
  Reshape: ([x, shape]) => {
    const known = [...shape!.values].reduce((size, extent) => (extent < 0 ? size : size * extent), 1);
    return [{ ...x!, shape: Array.from(shape!.values, (extent) => (extent < 0 ? x!.values.length / known : extent)) }];
  },
  ConcatV2: (inputs) => {
    const parts = inputs.slice(0, -1);
    const [first, ...rest] = parts[0]!.shape;
    const values = parts.flatMap((part) => [...part.values]);
    return [float(values, [(values.length / parts[0]!.values.length) * first!, ...rest])];
  },
  SplitV: ([whole, lengths]) => {
    const [, ...rest] = whole!.shape;
    const row = rest.reduce((size, extent) => size * extent, 1);
    let from = 0;
    return Array.from(lengths!.values, (length) =>
      float(whole!.values.slice(from, (from += length * row)), [length, ...rest]),
    );
  },
  Rsqrt: ([x]) => [
    float(
      Array.from(x!.values, (value) => 1 / Math.sqrt(value)),
      x!.shape,
    ),
  ],
  Mean: ([x, axes]) => [mean(x!, axes!)],
  FusedBatchNormV3: ([x, scale, offset, runningMean, runningVariance], { epsilon, exponential_avg_factor: share }) => {
    const channels = x!.shape.at(-1)!;
    const means = meansOf(x!.values, channels);
    const variances = meansOf(
      Array.from(x!.values, (value, i) => (value - means[i % channels]!) ** 2),
      channels,
    );
    const count = x!.values.length / channels;
    const y = Array.from(x!.values, (value, i) => {
      const at = i % channels;
      return ((value - means[at]!) / Math.sqrt(variances[at]! + epsilon!)) * scale!.values[at]! + offset!.values[at]!;
    });
    const moved = (old: SmallTensor, now: readonly number[], factor: number): SmallTensor => {
      const values = now.map((value, i) => (1 - share!) * (old.values[i] ?? 0) + share! * value * factor);
      return float(values, [channels]);
    };
    return [
      float(y, x!.shape),
      moved(runningMean!, means, 1),
      moved(runningVariance!, variances, count / (count - 1)),
      float(means, [channels]),
      float(variances, [channels]),
      float([], [0]),
    ];
  },
  FusedBatchNormGradV3: ([dy, x, scale, means, variances], { epsilon }) => {
    const channels = x!.shape.at(-1)!;
    const count = x!.values.length / channels;
    const inverse = Array.from(variances!.values, (variance) => 1 / Math.sqrt(variance + epsilon!));
    const normalized = Array.from(
      x!.values,
      (value, i) => (value - means!.values[i % channels]!) * inverse[i % channels]!,
    );
    const meanDy = meansOf(dy!.values, channels);
    const products = Float32Array.from(dy!.values, (value, i) => value * normalized[i]!);
    const meanProduct = meansOf(products, channels);
    const dx = Array.from(dy!.values, (value, i) => {
      const at = i % channels;
      return scale!.values[at]! * inverse[at]! * (value - meanDy[at]! - normalized[i]! * meanProduct[at]!);
    });
    const total = (values: readonly number[]): SmallTensor =>
      float(
        values.map((value) => value * count),
        [channels],
      );
    return [float(dx, x!.shape), total(meanProduct), total(meanDy), float([], [0]), float([], [0])];
  },
  ReadVariableOp: ([handle]) => [float(handle!.values, [handle!.values.length])],
  AssignVariableOp: ([handle, value]) => {
    change(handle!, (_, i) => value!.values[i]!);
    return [];
  },
  DestroyResourceOp: () => [],
  ResourceApplyGradientDescent: ([handle, rate, delta]) => {
    change(handle!, (value, i) => value - scalar(rate!) * delta!.values[i]!);
    return [];
  },
  ResourceApplyAdam: ([handle, m, v, , , rate, beta1, beta2, epsilon, gradient]) => {
    change(m!, (value, i) => value + (gradient!.values[i]! - value) * (1 - scalar(beta1!)));
    change(v!, (value, i) => value + (gradient!.values[i]! ** 2 - value) * (1 - scalar(beta2!)));
    change(
      handle!,
      (value, i) => value - (scalar(rate!) * m!.values[i]!) / (Math.sqrt(v!.values[i]!) + scalar(epsilon!)),
    );
    return [];
  },
};
