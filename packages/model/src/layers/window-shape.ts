import type { Shape } from './layer.ts';

interface Window {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

/** @throws Error unless the input of a layer of this type is [height, width, channels] */
export function featureMap(type: string, input: Shape): readonly [height: number, width: number, channels: number] {
  const [height, width, channels, ...more] = input;
  if (height === undefined || width === undefined || channels === undefined || more.length > 0)
    throw new Error(`${type} takes [height, width, channels], not [${input.join(', ')}]`);
  return [height, width, channels];
}

/** @throws Error unless the input of the layer is [features] */
export function features(layer: string, input: Shape): number {
  const [count, ...more] = input;
  if (count === undefined || more.length > 0) throw new Error(`${layer} takes [features], not [${input.join(', ')}]`);
  return count;
}

const windows = (extent: number, { size, stride, padding }: Window) =>
  Math.floor((extent + 2 * padding - size) / stride) + 1;

/**
 * [windows down, windows across, channels] of a window that moves over a feature map.
 * @throws Error if it does not fit even once
 */
export function windowedShape(type: string, input: Shape, window: Window, channels: number): Shape {
  const [height, width] = featureMap(type, input);
  const output = [windows(height, window), windows(width, window), channels];
  if (Math.min(...output) < 1) throw new Error(`${type}: an input of [${input.join(', ')}] leaves no output`);
  return output;
}
