import { UserError } from '@bakeoff/core';
import type { Layer, Shape } from '../../layers/layer.ts';
import { LayerMisfit, showShape } from '../../layers/misfit.ts';
import { kindOf } from '../../layers/registry.ts';
import type { NetworkInput } from '../architecture.ts';
import type { NamedLayer } from './name-layers.ts';
import { isResidual, type WrittenResidual, writtenLayers } from './written-schema.ts';

interface Lowered {
  readonly layers: readonly Layer[];
  readonly output: Shape;
}

/** Runs `work` for a layer; what does not fit becomes a message that names the layer and its place. */
function forLayer<Result>({ name, path }: NamedLayer, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LayerMisfit)) throw error;
    throw new UserError(
      { what: `layer ${name}: ${error.what}`, ...error.fits, setting: ['model', ...path] },
      { cause: error },
    );
  }
}

function outputOf(layer: Layer, input: Shape, pathOutputs: readonly Shape[] = []): Shape {
  return kindOf(layer).outputShape(layer, input, pathOutputs);
}

function lowerList(named: readonly NamedLayer[], input: Shape, network: NetworkInput): Lowered {
  const layers: Layer[] = [];
  let output = input;
  for (const each of named) {
    const lowered = lowerLayer(each, output, network);
    layers.push(lowered.layer);
    output = lowered.output;
  }
  return { layers, output };
}

function lowerLayer(
  named: NamedLayer,
  input: Shape,
  network: NetworkInput,
): { readonly layer: Layer; readonly output: Shape } {
  const { written, name } = named;
  if (isResidual(written)) return lowerResidual(written, named, input, network);
  const layer = writtenLayers.get(written.type)!.build(written, { name, classes: network.classes });
  return { layer, output: forLayer(named, () => outputOf(layer, input)) };
}

function lowerResidual(
  { shortcut }: WrittenResidual,
  named: NamedLayer,
  input: Shape,
  network: NetworkInput,
): { readonly layer: Layer; readonly output: Shape } {
  const branch = lowerList(named.branch, input, network);
  const other =
    typeof shortcut === 'string'
      ? forLayer(named, () => shortcutOf(shortcut, named.name, input, branch.output))
      : lowerList(named.shortcut, input, network);
  const layer: Layer = { type: 'residual', name: named.name, branch: branch.layers, shortcut: other.layers };
  return { layer, output: forLayer(named, () => outputOf(layer, input, [branch.output, other.output])) };
}

/** He et al. 2016's shortcuts by letter, made for the shape that the branch gives. */
function shortcutOf(shortcut: 'identity' | 'A' | 'B', name: string, input: Shape, output: Shape): Lowered {
  if (shortcut === 'identity' || input.join() === output.join()) return { layers: [], output: input };
  const stride = strideBetween(shortcut, input, output);
  const channels = output[2]!;
  if (shortcut === 'A') {
    checkPadding(input, output);
    return { layers: [{ type: 'shortcutA', name: `${name}.shortcut.0`, stride, channels }], output };
  }
  const projection: Layer = {
    type: 'conv2d',
    name: `${name}.shortcut.0`,
    filters: channels,
    kernel: 1,
    stride,
    padding: 0,
    bias: false,
    initializer: 'torchDefault',
  };
  return { layers: [projection, { type: 'batchNorm', name: `${name}.shortcut.1` }], output };
}

/** The stride at which single pixels of a feature map give one of another's size. @throws LayerMisfit if none does */
function strideBetween(shortcut: string, input: Shape, output: Shape): number {
  const [height, width] = input;
  const [outHeight, outWidth] = output;
  if (input.length === 3 && output.length === 3)
    for (let stride = 1; stride <= height!; stride++)
      if (Math.ceil(height! / stride) === outHeight && Math.ceil(width! / stride) === outWidth) return stride;
  throw new LayerMisfit(`residual: no stride of shortcut ${shortcut} makes the shape of its branch`, {
    received: `an input of ${showShape(input)}, of which the branch makes ${showShape(output)}`,
    allowed: 'a branch whose height and width are those of the input divided by one stride, rounded up',
    fix: 'pad the convolutions of the branch (kernel 3 with padding 1), or write the shortcut as layers',
  });
}

/** @throws LayerMisfit unless the same number of channels can be added, or cropped, on both sides */
function checkPadding([, , before = 0]: Shape, [, , after = 0]: Shape): void {
  if ((after - before) % 2 === 0) return;
  throw new LayerMisfit('residual: shortcut A pads or crops the same number of channels on each side', {
    received: `${before} channels, of which the branch makes ${after}`,
    allowed: 'an even difference',
    fix: 'change the filters of the branch, or write shortcut: B',
  });
}

/** @throws UserError unless a network ends in a logit per class, or more */
function checkOutput(output: Shape, last: NamedLayer, classes: number): void {
  if (output.length === 1 && output[0]! >= classes) return;
  throw new UserError({
    what: `layer ${last.name}: the network does not end in one output per class`,
    received: `an output of ${showShape(output)} for ${classes} classes`,
    allowed: `[${classes}]`,
    fix:
      output.length === 1
        ? 'end with a dense layer of units: classes'
        : 'end with globalAveragePool or flatten, and a dense layer of units: classes',
    setting: ['model', ...last.path],
  });
}

/**
 * The layers of a written network for images of a shape.
 * @throws UserError naming the layer that does not fit, its input, and what would fit
 */
export function lowerLayers(named: readonly NamedLayer[], network: NetworkInput): readonly Layer[] {
  const { layers, output } = lowerList(named, network.imageShape, network);
  checkOutput(output, named.at(-1)!, network.classes);
  return layers;
}
