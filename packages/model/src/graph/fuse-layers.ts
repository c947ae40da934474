import type { LayerType } from '../layers/layer.ts';
import type { DropoutSite, FusedActivation, Operation, OperationOf, PlacedLayer } from '../layers/operation.ts';
import { kindOf } from '../layers/registry.ts';

/**
 * Dropout multiplies by 0 or by 1/(1 − rate) > 0, so a ReLU after it can equally go first, into the operation before.
 */
function reluFirst(placed: readonly PlacedLayer[]): PlacedLayer[] {
  const ordered: PlacedLayer[] = [];
  for (const here of placed) {
    const before = ordered.at(-1);
    if (before?.layer.type === 'dropout' && here.layer.type === 'relu') ordered.splice(-1, 1, here, before);
    else ordered.push(here);
  }
  return ordered;
}

/** Reads a list of layers from the front. */
class Cursor {
  private at = 0;

  constructor(private readonly placed: readonly PlacedLayer[]) {}

  next(): PlacedLayer | undefined {
    return this.placed[this.at++];
  }

  /** Takes the next layer if it has one of the types. */
  take<Type extends LayerType>(
    types: readonly Type[],
  ): (PlacedLayer & { readonly layer: { readonly type: Type } }) | undefined {
    const found = this.placed[this.at];
    if (found === undefined || !hasType(found, types)) return undefined;
    this.at++;
    return found;
  }
}

function hasType<Type extends LayerType>(
  placed: PlacedLayer,
  types: readonly Type[],
): placed is PlacedLayer & { readonly layer: { readonly type: Type } } {
  return (types as readonly LayerType[]).includes(placed.layer.type);
}

function siteOf(placed: PlacedLayer | undefined): DropoutSite | null {
  if (placed?.layer.type !== 'dropout' || placed.layer.rate === 0 || placed.dropoutSite === null) return null;
  return { rate: placed.layer.rate, perChannel: placed.layer.perChannel, site: placed.dropoutSite };
}

/** The operation that starts with a layer; null if it does nothing. */
function fuseFrom(first: PlacedLayer, rest: Cursor): Operation | null {
  const { layer, input, paths } = first;
  const { activations, dropout } = kindOf(layer).takesOver;
  const activation = rest.take<FusedActivation>(activations);
  const dropoutLayer = dropout ? rest.take(['dropout']) : undefined;
  const site = siteOf(dropoutLayer ?? first);
  if (layer.type === 'dropout' && site === null) return null;
  const layers = [first, activation, dropoutLayer].filter((each) => each !== undefined);
  const operation: OperationOf<typeof layer> = {
    type: layer.type,
    layer,
    input,
    output: layers.at(-1)?.output ?? first.output,
    layers,
    paths: paths.map(fuseLayers),
    activation: activation?.layer.type ?? null,
    dropout: site,
    normalized: false,
    inputRelu: false,
  };
  return operation as Operation;
}

/**
 * Marks operations directly followed by batch norm, and batch norm that follows a dense layer's ReLU (a convolution and
 * its batch norm are one operator, unless it has groups).
 */
function linkNorms(operations: readonly Operation[]): Operation[] {
  return operations.map((operation, i) => {
    const before = operations[i - 1];
    if (operation.type === 'batchNorm')
      return { ...operation, inputRelu: before?.type === 'dense' && before.activation === 'relu' };
    const isWeighted =
      operation.type === 'dense' ||
      (operation.type === 'conv2d' && operation.dropout === null && (operation.layer.groups ?? 1) === 1);
    return isWeighted && operations[i + 1]?.type === 'batchNorm' ? { ...operation, normalized: true } : operation;
  });
}

/**
 * The operations that compute the layers. Activations and dropout are fused into the operation before them if it can
 * apply them; dropout of rate 0 is dropped.
 */
export function fuseLayers(placed: readonly PlacedLayer[]): readonly Operation[] {
  const cursor = new Cursor(reluFirst(placed));
  const operations: Operation[] = [];
  for (let first = cursor.next(); first !== undefined; first = cursor.next()) {
    const operation = fuseFrom(first, cursor);
    if (operation !== null) operations.push(operation);
  }
  return linkNorms(operations);
}
