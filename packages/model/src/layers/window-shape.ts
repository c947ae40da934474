import type { Shape } from './layer.ts';
import { LayerMisfit, showShape } from './misfit.ts';

interface Window {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

/** @throws LayerMisfit unless the input of a layer of this type is [height, width, channels] */
export function featureMap(type: string, input: Shape): readonly [height: number, width: number, channels: number] {
  const [height, width, channels, ...more] = input;
  if (height === undefined || width === undefined || channels === undefined || more.length > 0)
    throw new LayerMisfit(`${type} takes a feature map`, {
      received: `an input of ${showShape(input)}`,
      allowed: '[height, width, channels]',
      fix: 'move it before the layer that ends the feature maps (flatten or globalAveragePool)',
    });
  return [height, width, channels];
}

/** @throws LayerMisfit unless the input of the layer is [features] */
export function features(layer: string, input: Shape): number {
  const [count, ...more] = input;
  if (count === undefined || more.length > 0)
    throw new LayerMisfit(`${layer} takes [features]`, {
      received: `an input of ${showShape(input)}`,
      allowed: '[features]',
      fix: 'write flatten or globalAveragePool before it',
    });
  return count;
}

const windows = (extent: number, { size, stride, padding }: Window) =>
  Math.floor((extent + 2 * padding - size) / stride) + 1;

/**
 * [windows down, windows across, channels] of a window that moves over a feature map.
 * @throws LayerMisfit if it does not fit even once
 */
export function windowedShape(type: string, input: Shape, window: Window, channels: number): Shape {
  const [height, width] = featureMap(type, input);
  const output = [windows(height, window), windows(width, window), channels];
  if (Math.min(...output) >= 1) return output;
  const largest = Math.min(height, width) + 2 * window.padding;
  throw new LayerMisfit(`${type}: its window is larger than its input`, {
    received: `an input of ${showShape(input)}, kernel ${window.size}, padding ${window.padding}`,
    allowed: `a kernel of at most ${largest} with this padding`,
    fix: 'lower kernel, raise padding, or subsample less before it',
  });
}

/**
 * The output of a pool, of as many channels.
 * @throws LayerMisfit if a window does not fit, or may lie in the padding alone
 */
export function pooledShape({ type, ...window }: Window & { readonly type: string }, input: Shape): Shape {
  const [, , channels] = featureMap(type, input);
  if (2 * window.padding > window.size)
    throw new LayerMisfit(`${type}: its padding is more than half of its kernel`, {
      received: `kernel ${window.size}, padding ${window.padding}, an input of ${showShape(input)}`,
      allowed: `padding of at most ${Math.floor(window.size / 2)}`,
      fix: 'lower padding, or raise kernel',
    });
  return windowedShape(type, input, window, channels);
}
