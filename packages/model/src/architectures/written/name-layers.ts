import { isRepeat, isResidual, type Written, type WrittenLeaf } from './written-schema.ts';

/** Deeper networks than any in use (ResNet1202 has 7,000 layers), and few enough to plan at once. */
export const MAXIMUM_LAYERS = 10_000;

/** A layer of a network with repeats written out. */
export interface NamedLayer {
  readonly written: Exclude<Written, { readonly type: 'repeat' }>;
  readonly name: string;
  /** Where it is written, below the model: `layers`, 3, `branch`, 0. */
  readonly path: readonly (string | number)[];
  /** A residual's. */
  readonly branch: readonly NamedLayer[];
  /** A residual's, if its shortcut is a list. */
  readonly shortcut: readonly NamedLayer[];
}

/** How many layers a network has once its repeats are written out; more than the maximum may be counted roughly. */
export function countLayers(layers: readonly Written[]): number {
  return layers.reduce((sum, layer) => {
    if (isRepeat(layer)) return sum + layer.times * countLayers(layer.layers);
    if (!isResidual(layer)) return sum + 1;
    return sum + 1 + countLayers(layer.branch) + (typeof layer.shortcut === 'string' ? 0 : countLayers(layer.shortcut));
  }, 0);
}

type Path = readonly (string | number)[];

/**
 * Names the layers of a network: a layer without a name is the nth of its type in the order of the network (`conv2d3`),
 * whatever others are called; one that is repeated is followed by its turns (`conv.2`).
 */
class Namer {
  /** Where each name that a sweep may use stands; a repeated layer has its own name and that of each turn. */
  readonly paths = new Map<string, Path>();
  private readonly counts = new Map<string, number>();

  list(layers: readonly Written[], path: Path, turns: readonly number[]): NamedLayer[] {
    return layers.flatMap((layer, i) => {
      const at = [...path, i];
      if (!isRepeat(layer)) return [this.layer(layer, at, turns)];
      this.nameOf(layer, at, turns);
      return Array.from({ length: layer.times }, (_, turn) =>
        this.list(layer.layers, [...at, 'layers'], [...turns, turn + 1]),
      ).flat();
    });
  }

  private layer(written: NamedLayer['written'], path: Path, turns: readonly number[]): NamedLayer {
    const name = this.nameOf(written, path, turns);
    const inside = isResidual(written) ? written : undefined;
    const branch = this.list(inside?.branch ?? [], [...path, 'branch'], turns);
    const shortcut =
      typeof inside?.shortcut === 'object' ? this.list(inside.shortcut, [...path, 'shortcut'], turns) : [];
    return { written, name, path, branch, shortcut };
  }

  private nameOf({ type, name }: WrittenLeaf, path: Path, turns: readonly number[]): string {
    const number = (this.counts.get(type) ?? 0) + 1;
    this.counts.set(type, number);
    if (name !== undefined && !this.paths.has(name)) this.paths.set(name, path);
    const full = name === undefined ? `${type}${number}` : [name, ...turns].join('.');
    if (!this.paths.has(full)) this.paths.set(full, path);
    return full;
  }
}

/** The layers of a network of at most MAXIMUM_LAYERS, and where each name stands. */
export function nameLayers(layers: readonly Written[]): {
  readonly layers: readonly NamedLayer[];
  readonly paths: ReadonlyMap<string, Path>;
} {
  const namer = new Namer();
  const named = namer.list(layers, ['layers'], []);
  return { layers: named, paths: namer.paths };
}

/** The names of a layer, of the layers inside it, and of what a residual makes: its sum and its shortcut's layers. */
function* takenNames(layer: NamedLayer): Generator<readonly [name: string, path: Path]> {
  const { written, name, path, branch, shortcut } = layer;
  yield [name, path];
  if (isResidual(written)) for (const made of ['add', 'shortcut.0', 'shortcut.1']) yield [`${name}.${made}`, path];
  for (const inside of [...branch, ...shortcut]) yield* takenNames(inside);
}

/** The first two layers that have one name; null if all names are unique. */
export function sameName(
  layers: readonly NamedLayer[],
): { readonly name: string; readonly path: Path; readonly other: Path } | null {
  const seen = new Map<string, Path>();
  for (const layer of layers)
    for (const [name, path] of takenNames(layer)) {
      const other = seen.get(name);
      if (other !== undefined) return { name, path, other };
      seen.set(name, path);
    }
  return null;
}
