// 3x3 convolutions with stride 1 and padding 1 by Winograd's F(4x4, 3x3): 36 small matrix products instead of 144
// multiplications per 4x4 output tile and channel pair. Needs height and width divisible by 4, input channels by 4,
// output channels by 8.
import { Window } from './geometry';
import { convTile4x8, outerProductTile4x8 } from './microkernels';
import { floats, padBias, zeroFill } from './simd';
import {
  columnBytes,
  TILE_BYTES,
  transformFilterGradients,
  transformFilters,
  transformGradients,
  transformInputs,
  transformOutputs,
  turnFilter,
} from './winograd-planes';

/**
 * The 36 planes of a block would be 4 KiB apart at 16 channels and evict each other: skewing them doubles the speed.
 */
const PLANE_SKEW: usize = 64;
/** Tiles of one block: few enough for the caches … */
export const FORWARD_TILES: i32 = 16;
/** … and enough to make loading and storing the sums of the filter gradient cheap. */
export const FILTER_TILES: i32 = 64;
/** With fewer tiles, the transforms of the filter cost more than the direct algorithm. */
const LEAST_TILES: i32 = 6;

/** Bytes of one of the 36 planes of transformed filters. */
@inline
export function filterPlane(g: Window): usize {
  return floats(g.inChannels * g.outChannels) + PLANE_SKEW;
}

@inline
function planeBytes(tiles: i32, channels: i32): usize {
  return floats(tiles * channels) + PLANE_SKEW;
}

@inline
export function tilesOf(g: Window): i32 {
  return g.batch * (g.inHeight >> 2) * (g.inWidth >> 2);
}

/** Tiles of one block, a multiple of 4. */
@inline
export function tilesPerBlock(g: Window, most: i32): i32 {
  return min((tilesOf(g) + 3) & ~3, most);
}

/**
 * y [rows, columns] = x [rows, depth] * w, w packed as [columns / 8][depth][8].
 * Whole groups of 4 rows are read and written, even if `rows` ends within one: a plane has room for them.
 */
@inline
function planeProduct(x: usize, w: usize, y: usize, rows: i32, depth: i32, columns: i32): void {
  const xRow = floats(depth),
    yRow = floats(columns),
    panelBytes = floats(8 * depth);
  for (let yEnd = y + yRow; y < yEnd; y += 32) {
    let from = x,
      to = y;
    for (let r = rows; r > 0; r -= 4) {
      convTile4x8(from, w, 0, to, 1, depth, 0, xRow, yRow, 8, 0);
      from += xRow << 2;
      to += yRow << 2;
    }
    w += panelBytes;
  }
}

export function winogradSupports(g: Window): bool {
  return (
    g.kernelHeight == 3 &&
    g.kernelWidth == 3 &&
    g.strideHeight == 1 &&
    g.strideWidth == 1 &&
    g.padTop == 1 &&
    g.padLeft == 1 &&
    g.outHeight == g.inHeight &&
    g.outWidth == g.inWidth &&
    ((g.inHeight | g.inWidth) & 3) == 0 &&
    tilesOf(g) >= LEAST_TILES &&
    g.inChannels >= 8 &&
    (g.inChannels & 3) == 0 &&
    (g.outChannels & 7) == 0
  );
}

/**
 * Working memory, laid out at the start of the scratch. Filters, sums and planes serve both directions of a geometry.
 */
@unmanaged
export class Workspace {
  /** The geometry of the input's gradient: a convolution the other way. */
  turned: Window;
  /** One filter between the passes of its transform. */
  tile: usize;
  /** Columns of pixels between the passes of a transform. */
  columns: usize;
  /** A line of zeros, the padding. */
  zeros: usize;
  bias: usize;
  turnedFilter: usize;
  /** Transformed filters. */
  filters: usize;
  /** Transformed filter gradients: in place of the filters, unless both are needed at once. */
  sums: usize;
  /** Transformed inputs, followed by transformed outputs or their gradients. */
  planes: usize;
}

const HEADER_BYTES: usize = 128;
export const WINDOW_BYTES: usize = 64;

@inline
function widest(g: Window): i32 {
  return max(g.inChannels, g.outChannels);
}

export function layOut(g: Window, scratch: usize): Workspace {
  const w = changetype<Workspace>(scratch),
    taps = g.inChannels * g.outChannels;
  w.turned = changetype<Window>(scratch + HEADER_BYTES);
  w.tile = scratch + HEADER_BYTES + WINDOW_BYTES;
  w.columns = w.tile + TILE_BYTES;
  w.zeros = w.columns + columnBytes(g.inWidth);
  w.bias = w.zeros + floats(g.inWidth * widest(g));
  w.turnedFilter = w.bias + floats(widest(g));
  w.filters = w.turnedFilter + floats(9 * taps);
  w.sums = w.filters;
  w.planes = w.filters + 36 * filterPlane(g);
  zeroFill(w.zeros, floats(g.inWidth * widest(g)));
  return w;
}

export function winogradScratch(g: Window): usize {
  const tiles = tilesPerBlock(g, FILTER_TILES),
    ic = g.inChannels,
    oc = g.outChannels;
  return (
    HEADER_BYTES +
    WINDOW_BYTES +
    TILE_BYTES +
    columnBytes(g.inWidth) +
    floats((g.inWidth + 1) * widest(g) + 9 * ic * oc) +
    36 * filterPlane(g) +
    36 * (planeBytes(tiles, ic) + planeBytes(tiles, oc))
  );
}

/**
 * Convolves tiles first to first + count with the workspace's filters, adds its bias or, if not null, onto, then
 * applies ReLU if requested.
 */
export function convolveTiles(
  g: Window,
  w: Workspace,
  x: usize,
  onto: usize,
  y: usize,
  first: i32,
  count: i32,
  relu: i32,
): void {
  const ic = g.inChannels,
    oc = g.outChannels,
    end = first + count,
    block = tilesPerBlock(g, FORWARD_TILES);
  const inPlane = planeBytes(block, ic),
    outPlane = planeBytes(block, oc),
    outPlanes = w.planes + 36 * inPlane;
  for (; first < end; first += block) {
    const tiles = min(block, end - first);
    transformInputs(g, x, ic, first, tiles, w.planes, inPlane, w.columns, w.zeros);
    for (let k = 0; k < 36; ++k) {
      planeProduct(
        w.planes + <usize>k * inPlane,
        w.filters + <usize>k * filterPlane(g),
        outPlanes + <usize>k * outPlane,
        tiles,
        ic,
        oc,
      );
    }
    transformOutputs(g, outPlanes, outPlane, y, w.bias, onto, oc, first, tiles, w.columns, relu);
  }
}

/** Adds what `tiles` tiles at x and dy contribute to the filter's gradient. */
export function sumFilterGradients(g: Window, w: Workspace, x: usize, dy: usize, tiles: i32): void {
  const ic = g.inChannels,
    oc = g.outChannels,
    block = tilesPerBlock(g, FILTER_TILES);
  const inPlane = planeBytes(block, ic),
    outPlane = planeBytes(block, oc),
    outPlanes = w.planes + 36 * inPlane;
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    transformInputs(g, x, ic, first, count, w.planes, inPlane, w.columns, w.zeros);
    transformGradients(g, dy, oc, first, count, outPlanes, outPlane, w.columns);
    for (let k = 0; k < 36; ++k) {
      let sum = w.sums + <usize>k * filterPlane(g);
      const inputs = w.planes + <usize>k * inPlane,
        gradients = outPlanes + <usize>k * outPlane;
      for (let o = 0; o < oc; o += 8) {
        for (let i = 0; i < ic; i += 4) {
          outerProductTile4x8(inputs + floats(i), gradients + floats(o), sum, 1, count, 0, floats(ic), 0, floats(oc));
          sum += 128;
        }
      }
    }
  }
}

@inline
export function prepareForward(g: Window, w: Workspace, filter: usize, bias: usize): void {
  padBias(bias, w.bias, g.outChannels);
  transformFilters(filter, w.filters, filterPlane(g), w.tile, g.inChannels, g.outChannels);
}

/**
 * g is the geometry of the convolution from dy to dx, filter that of the forward convolution: HWIO with I =
 * g.outChannels.
 */
@inline
export function prepareGradInput(g: Window, w: Workspace, filter: usize): void {
  padBias(0, w.bias, g.outChannels);
  turnFilter(filter, w.turnedFilter, g.outChannels, g.inChannels);
  transformFilters(w.turnedFilter, w.filters, filterPlane(g), w.tile, g.inChannels, g.outChannels);
}

/** y = convolution(x, filter) + bias, then ReLU if requested. bias may be null. */
export function winogradForward(
  g: Window,
  x: usize,
  filter: usize,
  bias: usize,
  y: usize,
  scratch: usize,
  relu: i32,
): void {
  const w = layOut(g, scratch);
  prepareForward(g, w, filter, bias);
  convolveTiles(g, w, x, 0, y, 0, tilesOf(g), relu);
}

/**
 * dx = gradient with respect to the input of a convolution, plus onto if not null: a convolution with the rotated
 * filter. g is the geometry of that convolution, from dy to dx. dx may be onto.
 */
export function winogradGradInput(g: Window, dy: usize, filter: usize, onto: usize, dx: usize, scratch: usize): void {
  const w = layOut(g, scratch);
  prepareGradInput(g, w, filter);
  convolveTiles(g, w, dy, onto, dx, 0, tilesOf(g), 0);
}

/**
 * dFilter = gradient with respect to the filter: per plane, the product of transformed inputs and output gradients,
 * transformed back.
 */
export function winogradGradFilter(g: Window, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const w = layOut(g, scratch);
  zeroFill(w.sums, 36 * filterPlane(g));
  sumFilterGradients(g, w, x, dy, tilesOf(g));
  transformFilterGradients(w.sums, filterPlane(g), dFilter, w.tile, g.inChannels, g.outChannels);
}
