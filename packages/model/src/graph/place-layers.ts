import type { Layer, ResidualLayer, Shape } from '../architectures/layers.ts';

type PlainLayer = Exclude<Layer, ResidualLayer>;

interface At {
  /** Without the batch axis. */
  readonly input: Shape;
  readonly output: Shape;
}

/** A layer with its shapes; a dropout layer also has its place among the network's dropout layers, which its masks depend on. */
type PlacedPlain = {
  [L in PlainLayer as L['type']]: { readonly layer: L; readonly dropoutSite: number } & At;
}[PlainLayer['type']];

export interface PlacedResidual extends At {
  readonly layer: ResidualLayer;
  readonly branch: readonly PlacedLayer[];
  readonly shortcut: readonly PlacedLayer[];
}

export type PlacedLayer = PlacedPlain | PlacedResidual;

export function isResidual(placed: PlacedLayer): placed is PlacedResidual {
  return placed.layer.type === 'residual';
}

const windows = (extent: number, { size, stride, padding }: { size: number; stride: number; padding: number }) =>
  Math.floor((extent + 2 * padding - size) / stride) + 1;

function spatial(layer: Layer, input: Shape): readonly [number, number, number] {
  if (input.length !== 3) throw new Error(`${layer.type} takes [height, width, channels], not [${input.join(', ')}]`);
  return input as readonly [number, number, number];
}

function windowed(
  layer: Layer,
  input: Shape,
  window: { size: number; stride: number; padding: number },
  channels: number,
): Shape {
  const [height, width] = spatial(layer, input);
  const output = [windows(height, window), windows(width, window), channels];
  if (Math.min(...output) < 1) throw new Error(`${layer.type}: an input of [${input.join(', ')}] leaves no output`);
  return output;
}

function outputShape(layer: PlainLayer, input: Shape): Shape {
  switch (layer.type) {
    case 'conv2d':
      return windowed(
        layer,
        input,
        { size: layer.kernel, stride: layer.stride, padding: layer.padding },
        layer.filters,
      );
    case 'maxPool':
      return windowed(layer, input, layer, spatial(layer, input)[2]);
    case 'shortcutA':
      return windowed(layer, input, { size: 1, stride: layer.stride, padding: 0 }, layer.channels);
    case 'globalAveragePool':
      return [spatial(layer, input)[2]];
    case 'flatten':
      return [input.reduce((product, extent) => product * extent, 1)];
    case 'dense':
      if (input.length !== 1) throw new Error(`dense ${layer.name} takes [features], not [${input.join(', ')}]`);
      return [layer.units];
    default:
      return input;
  }
}

function place(layers: readonly Layer[], inputShape: Shape, counter: { dropouts: number }): PlacedLayer[] {
  let input = inputShape;
  return layers.map((layer) => {
    let placed: PlacedLayer;
    if (layer.type === 'residual') {
      const branch = place(layer.branch, input, counter);
      const shortcut = place(layer.shortcut, input, counter);
      const output = branch.at(-1)?.output ?? input;
      const other = shortcut.at(-1)?.output ?? input;
      if (output.join() !== other.join())
        throw new Error(
          `residual ${layer.name}: its branch gives [${output.join(', ')}], its shortcut [${other.join(', ')}]`,
        );
      placed = { layer, input, output, branch, shortcut };
    } else {
      const dropoutSite = layer.type === 'dropout' ? counter.dropouts++ : -1;
      placed = { layer, input, output: outputShape(layer, input), dropoutSite } as PlacedPlain;
    }
    input = placed.output;
    return placed;
  });
}

/**
 * Works out every layer's shapes for an input of `inputShape` (without the batch axis).
 * @throws Error where layers do not fit each other: a mistake in the architecture.
 */
export function placeLayers(layers: readonly Layer[], inputShape: Shape): readonly PlacedLayer[] {
  return place(layers, inputShape, { dropouts: 0 });
}
