import { decodeSafetensors, type SafeTensor } from '@bakeoff/core';
import { readFile } from 'node:fs/promises';

const folder = new URL('data/', import.meta.url);

/**
 * A run of 50 Adam steps in PyTorch 1.13 on the CPU: learning rate 2e-4, coupled L2 5e-4, batches of 32 in turn, pixels
 * (x/255 − 0.5)/0.5, no dropout.
 */
export interface Trace {
  readonly losses: readonly number[];
  readonly evaluationLogitsOfFirstBatch: readonly (readonly number[])[];
}

export async function readTrace(network: string): Promise<Trace> {
  return JSON.parse(await readFile(new URL(`${network}-trace.json`, folder), 'utf8')) as Trace;
}

/**
 * Evaluation-mode logits of the first batch, for the initial weights and after the running statistics saw the eight
 * batches.
 */
export interface Logits {
  readonly loaded: readonly (readonly number[])[];
  readonly settled: readonly (readonly number[])[];
}

export async function readLogits(network: string): Promise<Logits> {
  return JSON.parse(await readFile(new URL(`${network}-logits.json`, folder), 'utf8')) as Logits;
}

async function readTensors(name: string): Promise<Record<string, SafeTensor>> {
  return decodeSafetensors(Uint8Array.from(await readFile(new URL(name, folder))), name).tensors;
}

/** `order[k]` is the source axis of the result's axis k. */
function transpose({ shape, data }: SafeTensor, order: readonly number[]): SafeTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));
  const transposed = order.map((axis) => shape[axis]!);
  const moved = data.slice();
  const walk = (axis: number, from: number, to: number): number => {
    if (axis === order.length) {
      moved[to] = data[from]!;
      return to + 1;
    }
    const stride = strides[order[axis]!]!;
    let next = to;
    for (let i = 0; i < transposed[axis]!; i++) next = walk(axis + 1, from + i * stride, next);
    return next;
  };
  walk(0, 0, 0);
  return { shape: transposed, data: moved };
}

/** The dense layer after CIFARnet's flattening: PyTorch flattens [128, 4, 4], we flatten [4, 4, 128]. */
function flattenedWeights(
  { shape, data }: SafeTensor,
  [channels, height, width]: readonly [number, number, number],
): SafeTensor {
  const [outputs] = shape as [number, number];
  const moved = transpose({ shape: [outputs, channels, height, width], data }, [2, 3, 1, 0]);
  return { shape: [channels * height * width, outputs], data: moved.data };
}

/** PyTorch's layouts to ours: convolutions OIHW → HWIO, dense [out, in] → [in, out]. */
function ourLayouts(tensors: Readonly<Record<string, SafeTensor>>): Record<string, SafeTensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      if (tensor.shape.length === 4) return [name, transpose(tensor, [2, 3, 1, 0])];
      return [name, tensor.shape.length === 2 ? transpose(tensor, [1, 0]) : tensor];
    }),
  );
}

/** PyTorch's initial weights in our layouts. */
export async function readPytorchWeights(network: string): Promise<Record<string, SafeTensor>> {
  const weights = await readTensors(`${network}-initial.safetensors`);
  const ours = ourLayouts(weights);
  return network === 'cifarnet'
    ? { ...ours, 'fc1.weight': flattenedWeights(weights['fc1.weight']!, [128, 4, 4]) }
    : ours;
}

/**
 * Two images [2, 32, 32, 3], labeled 0 and 1, and ResNet20's gradient of their mean cross entropy in training mode,
 * computed in float64.
 */
export async function readResnet20Gradient(): Promise<{
  readonly images: SafeTensor;
  readonly gradient: Record<string, SafeTensor>;
}> {
  const { images, ...gradient } = await readTensors('resnet20-gradient.safetensors');
  return { images: transpose(images!, [0, 2, 3, 1]), gradient: ourLayouts(gradient) };
}

/** The trace's 256 images as uint8 [256, 32, 32, 3] with their labels. */
export async function readBatches(): Promise<{ readonly images: Uint8Array; readonly labels: Uint8Array }> {
  const { images, labels } = await readTensors('batches.safetensors');
  return {
    images: transpose(images!, [0, 2, 3, 1]).data as Uint8Array,
    labels: labels!.data as Uint8Array,
  };
}
