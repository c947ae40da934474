import type { ImageShape } from '../image-shape.ts';
import type { AugmentationConfig } from '../manifest/augmentation-schema.ts';
import type { DrawnTransform, TransformType } from './drawn-transform.ts';

/** A place without a pixel of the image. */
const BLACK = -1;

/**
 * One axis of a moved image: which row (or column) of the image is in each place, or `BLACK`, and the bits of the holes
 * that are there.
 */
class Axis {
  sources: Int32Array;
  holes: Int32Array;
  private spareSources: Int32Array;
  private spareHoles: Int32Array;

  constructor(readonly extent: number) {
    const make = () => new Int32Array(extent);
    [this.sources, this.holes, this.spareSources, this.spareHoles] = [make(), make(), make(), make()];
  }

  reset(): void {
    for (let place = 0; place < this.extent; place++) this.sources[place] = place;
    this.holes.fill(0);
  }

  /** Moves what is at `from(place)` to each place; what is outside the axis is black. */
  move(from: (place: number, extent: number) => number): void {
    const { extent, sources, holes, spareSources, spareHoles } = this;
    for (let place = 0; place < extent; place++) {
      const at = from(place, extent);
      const isInside = at >= 0 && at < extent;
      spareSources[place] = isInside ? sources[at]! : BLACK;
      spareHoles[place] = isInside ? holes[at]! : 0;
    }
    this.sources = spareSources;
    this.holes = spareHoles;
    this.spareSources = sources;
    this.spareHoles = holes;
  }

  cut(start: number, size: number, hole: number): void {
    const end = Math.min(this.extent, start + size);
    for (let place = Math.max(0, start); place < end; place++) this.holes[place] = this.holes[place]! | hole;
  }
}

interface MovedImage {
  readonly rows: Axis;
  readonly columns: Axis;
}

/** The place that reflect padding shows at `at`, which may be outside an axis of `extent` places. */
export function reflected(at: number, extent: number): number {
  if (extent === 1) return 0;
  const period = 2 * (extent - 1);
  const within = ((at % period) + period) % period;
  return within < extent ? within : period - within;
}

type DrawnType = DrawnTransform['type'];
/** @param hole The bit of this transform's hole, if it makes one. */
type Move<Type extends DrawnType> = (
  image: MovedImage,
  transform: Extract<DrawnTransform, { type: Type }>,
  hole: number,
) => void;

/** How each transform moves pixels; null: it computes new ones. */
const moveOf: { readonly [Type in DrawnType]: Move<Type> | null } = {
  horizontalFlip({ columns }) {
    columns.move((place, extent) => extent - 1 - place);
  },
  randomCrop({ rows, columns }, { padding, left, top }) {
    rows.move((place) => place + top - padding);
    columns.move((place) => place + left - padding);
  },
  translate({ rows, columns }, { x, y }) {
    rows.move((place, extent) => reflected(place - y, extent));
    columns.move((place, extent) => reflected(place - x, extent));
  },
  cutout({ rows, columns }, { left, top, size }, hole) {
    rows.cut(top, size, hole);
    columns.cut(left, size, hole);
  },
  grayscale: null,
  perspective: null,
  rotation: null,
};

const drawnType = (type: TransformType): DrawnType => (type === 'alternatingFlip' ? 'horizontalFlip' : type);

/**
 * Whether an augmentation's views are written to the store. Those whose transforms only move pixels, or blacken them,
 * are not: the kernel that gathers a batch moves its pixels.
 */
export function viewsAreStored({ transforms }: Pick<AugmentationConfig, 'transforms'>): boolean {
  return transforms.some(({ type }) => moveOf[drawnType(type)] === null);
}

/** Int32 values that say how one image's pixels move: see `PixelMover`. */
export function movesSize([height, width]: ImageShape): number {
  return 2 * (height + width);
}

/**
 * Says where the pixels of a moved image come from, as int32 [2 × (height + width)]: for every row its row in the
 * original (−1: black), and so for every column; then for every row, and for every column, bits. A pixel is black where
 * its row or its column is, or where the two have a bit in common. Flips, crops, translations and cutouts in any order
 * come to this, because all but the cutouts move whole rows and columns.
 */
export class PixelMover {
  private readonly image: MovedImage;

  constructor([height, width]: ImageShape) {
    this.image = { rows: new Axis(height), columns: new Axis(width) };
  }

  /**
   * Writes the values into a batch's, those of image `place`.
   * @param transforms At most 32, of an augmentation whose views are not stored.
   */
  write(transforms: readonly DrawnTransform[], moves: Int32Array, place = 0): void {
    const { rows, columns } = this.image;
    rows.reset();
    columns.reset();
    for (let i = 0; i < transforms.length; i++) {
      const transform = transforms[i]!;
      const apply = moveOf[transform.type] as Move<DrawnType> | null;
      if (apply === null) throw new RangeError(`${transform.type} does more than move pixels`);
      apply(this.image, transform, 1 << i);
    }
    let at = 2 * place * (rows.extent + columns.extent);
    for (const part of [rows.sources, columns.sources, rows.holes, columns.holes]) {
      moves.set(part, at);
      at += part.length;
    }
  }
}

/** Moves one image's pixels: writes every byte of `to`, of the shape [height, width, channels]; it must not be `from`. */
export function applyMoves(
  moves: Int32Array,
  [height, width, channels]: ImageShape,
  from: Uint8Array,
  to: Uint8Array,
): void {
  to.fill(0);
  const rowHoles = height + width;
  const columnHoles = rowHoles + height;
  for (let y = 0, at = 0; y < height; y++) {
    const row = moves[y]!;
    const hole = moves[rowHoles + y]!;
    for (let x = 0; x < width; x++, at += channels) {
      const column = moves[height + x]!;
      if (row === BLACK || column === BLACK || (hole & moves[columnHoles + x]!) !== 0) continue;
      const source = (row * width + column) * channels;
      to[at] = from[source]!;
      // Gray or RGB. A loop takes half as long again.
      if (channels === 1) continue;
      to[at + 1] = from[source + 1]!;
      to[at + 2] = from[source + 2]!;
    }
  }
}
