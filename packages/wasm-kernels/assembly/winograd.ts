// 3x3 convolutions of stride 1 and padding 1 by Winograd's F(4x4, 3x3): 36 small matrix products instead of 144 multiplications
// per 4x4 output tile and channel pair. Needs height and width divisible by 4, input channels by 4, output channels by 8.
import { padBias } from './convolution-direct';
import { Window } from './geometry';
import { convTile4x8, outerProductTile4x8 } from './microkernels';
import { activationFloor, floats, zeroFill } from './simd';
import { gradientColumn, gradientRow, inputColumn, inputRow, outputColumn, outputRow, transformFilter, transformFilterBack, zeroColumn } from './winograd-transforms';

/** The 36 planes of a block would lie 4 KiB apart at 16 channels and evict each other: skewing them doubles the speed. */
const PLANE_SKEW: usize = 64;
/** Vectors of one tile between the two passes of a transform. */
const TILE_BYTES: usize = 36 * 16;
/** Tiles of one block: few enough for the caches … */
const FORWARD_TILES: i32 = 16;
/** … and enough to make loading and storing the sums of the filter gradient cheap. */
const FILTER_TILES: i32 = 64;
/** With fewer tiles the transforms of the filter cost more than the direct algorithm. */
const LEAST_TILES: i32 = 6;

/** Bytes of one of the 36 planes of transformed filters. */
@inline
function filterPlane(g: Window): usize {
  return floats(g.inChannels * g.outChannels) + PLANE_SKEW;
}

@inline
function planeBytes(tiles: i32, channels: i32): usize {
  return floats(tiles * channels) + PLANE_SKEW;
}

@inline
function tilesOf(g: Window): i32 {
  return g.batch * (g.inHeight >> 2) * (g.inWidth >> 2);
}

/** Tiles of one block, a multiple of 4. */
@inline
function tilesPerBlock(g: Window, most: i32): i32 {
  return min((tilesOf(g) + 3) & ~3, most);
}

/** HWIO 3x3 -> 36 planes [outChannels / 8][inChannels][8]. */
function transformFilters(filter: usize, to: usize, plane: usize, tile: usize, inChannels: i32, outChannels: i32): void {
  const tap = floats(inChannels * outChannels);
  for (let ic = 0; ic < inChannels; ++ic) {
    for (let oc = 0; oc < outChannels; oc += 4) {
      const from = filter + floats(ic * outChannels + oc);
      for (let j: usize = 0; j < 3; ++j) transformFilter(from + j * tap, 3 * tap, tile + j * 16, 48);
      const panel = to + floats((oc >> 3) * inChannels * 8 + ic * 8 + (oc & 4));
      for (let i: usize = 0; i < 6; ++i) transformFilter(tile + i * 48, 16, panel + i * 6 * plane, plane);
    }
  }
}

/** Turns a filter by 180 degrees and exchanges its channels: HWIO -> HWOI, the filter of the input gradient. */
function turnFilter(filter: usize, to: usize, inChannels: i32, outChannels: i32): void {
  for (let tap = 0; tap < 9; ++tap) {
    const from = filter + floats((8 - tap) * inChannels * outChannels);
    for (let oc = 0; oc < outChannels; ++oc) {
      for (let ic = 0; ic < inChannels; ++ic) {
        store<f32>(to, load<f32>(from + floats(ic * outChannels + oc)));
        to += 4;
      }
    }
  }
}

/** Tiles first to first + count of a batch -> planes [36][tiles][channels]. zeros: a line of zeros, the padding. */
function transformInputs(g: Window, x: usize, channels: i32, first: i32, count: i32, planes: usize, plane: usize, tile: usize, zeros: usize): void {
  const tileRows = g.inHeight >> 2, tileColumns = g.inWidth >> 2, pixel = floats(channels), row = pixel * g.inWidth;
  let tileColumn = first % tileColumns, line = first / tileColumns, tileRow = line % tileRows;
  for (; count > 0; --count) {
    const row1 = x + (<usize>line * 4) * row, row2 = row1 + row, row3 = row2 + row, row4 = row3 + row;
    const row0 = tileRow == 0 ? zeros : row1 - row, row5 = tileRow == tileRows - 1 ? zeros : row4 + row;
    const isFirst = tileColumn == 0, isLast = tileColumn == tileColumns - 1;
    for (let c: usize = 0; c < pixel; c += 16) {
      let offset = (<usize>tileColumn * 4) * pixel + c;
      if (isFirst) zeroColumn(tile);
      else inputColumn(row0, row1, row2, row3, row4, row5, offset - pixel, tile);
      for (let j: usize = 16; j < 80; j += 16) {
        inputColumn(row0, row1, row2, row3, row4, row5, offset, tile + j);
        offset += pixel;
      }
      if (isLast) zeroColumn(tile + 80);
      else inputColumn(row0, row1, row2, row3, row4, row5, offset, tile + 80);
      let from = tile, to = planes + c;
      for (let i = 0; i < 6; ++i) {
        inputRow(from, to, plane);
        from += 96;
        to += 6 * plane;
      }
    }
    planes += pixel;
    if (++tileColumn == tileColumns) {
      tileColumn = 0;
      ++line;
      if (++tileRow == tileRows) tileRow = 0;
    }
  }
}

/** Planes [36][tiles][channels] -> tiles first to first + count of a batch. */
function transformOutputs(g: Window, planes: usize, plane: usize, y: usize, bias: usize, channels: i32, first: i32, count: i32, tile: usize, relu: i32): void {
  const tileColumns = g.inWidth >> 2, pixel = floats(channels), row = pixel * g.inWidth, floor = activationFloor(relu);
  let tileColumn = first % tileColumns, line = first / tileColumns;
  for (; count > 0; --count) {
    const corner = y + (<usize>line * 4) * row + (<usize>tileColumn * 4) * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      const channelBias = v128.load(bias + c);
      let from = planes + c, to = tile;
      for (let j = 0; j < 6; ++j) {
        outputColumn(from, 6 * plane, to);
        from += plane;
        to += 16;
      }
      from = tile;
      to = corner + c;
      for (let i = 0; i < 4; ++i) {
        outputRow(from, to, pixel, channelBias, floor);
        from += 96;
        to += row;
      }
    }
    planes += pixel;
    if (++tileColumn == tileColumns) {
      tileColumn = 0;
      ++line;
    }
  }
}

/** Output gradients of tiles first to first + count -> planes [36][tiles][channels]. */
function transformGradients(g: Window, dy: usize, channels: i32, first: i32, count: i32, planes: usize, plane: usize, tile: usize): void {
  const tileColumns = g.inWidth >> 2, pixel = floats(channels), row = pixel * g.inWidth;
  let tileColumn = first % tileColumns, line = first / tileColumns;
  for (; count > 0; --count) {
    const corner = dy + (<usize>line * 4) * row + (<usize>tileColumn * 4) * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      let from = corner + c, to = tile;
      for (let j = 0; j < 4; ++j) {
        gradientColumn(from, row, to);
        from += pixel;
        to += 16;
      }
      from = tile;
      to = planes + c;
      for (let i = 0; i < 6; ++i) {
        gradientRow(from, to, plane);
        from += 64;
        to += 6 * plane;
      }
    }
    planes += pixel;
    if (++tileColumn == tileColumns) {
      tileColumn = 0;
      ++line;
    }
  }
}

/**
 * y [rows, columns] = x [rows, depth] * w, w packed as [columns / 8][depth][8].
 * Whole groups of 4 rows are read and written, also where `rows` ends within one: a plane has room for them.
 */
@inline
function planeProduct(x: usize, w: usize, y: usize, rows: i32, depth: i32, columns: i32): void {
  const xRow = floats(depth), yRow = floats(columns), panelBytes = floats(8 * depth);
  for (let yEnd = y + yRow; y < yEnd; y += 32) {
    let from = x, to = y;
    for (let r = rows; r > 0; r -= 4) {
      convTile4x8(from, w, 0, to, 1, depth, 0, xRow, yRow, 8, 0);
      from += xRow << 2;
      to += yRow << 2;
    }
    w += panelBytes;
  }
}

export function winogradSupports(g: Window): bool {
  return g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1 && g.padTop == 1 && g.padLeft == 1
    && g.outHeight == g.inHeight && g.outWidth == g.inWidth && ((g.inHeight | g.inWidth) & 3) == 0
    && tilesOf(g) >= LEAST_TILES && g.inChannels >= 8 && (g.inChannels & 3) == 0 && (g.outChannels & 7) == 0;
}

export function winogradScratch(g: Window): usize {
  const tiles = tilesPerBlock(g, FILTER_TILES), ic = g.inChannels, oc = g.outChannels;
  return TILE_BYTES + floats(oc + 9 * ic * oc + g.inWidth * ic) + 36 * filterPlane(g) + 36 * (planeBytes(tiles, ic) + planeBytes(tiles, oc));
}

/**
 * y = convolution(x, filter) + bias, then ReLU where asked. With `turned`, filter is that of the forward convolution
 * (HWIO with I = g.outChannels) and the result the gradient by its input.
 */
export function winogradForward(g: Window, x: usize, filter: usize, bias: usize, y: usize, scratch: usize, relu: i32, turned: i32): void {
  const ic = g.inChannels, oc = g.outChannels, tiles = tilesOf(g), block = tilesPerBlock(g, FORWARD_TILES);
  const inPlane = planeBytes(block, ic), outPlane = planeBytes(block, oc);
  const tile = scratch, biasPadded = tile + TILE_BYTES, turnedFilter = biasPadded + floats(oc);
  const filters = turnedFilter + floats(9 * ic * oc), zeros = filters + 36 * filterPlane(g);
  const inPlanes = zeros + floats(g.inWidth * ic), outPlanes = inPlanes + 36 * inPlane;
  padBias(bias, biasPadded, oc);
  zeroFill(zeros, floats(g.inWidth * ic));
  if (turned) turnFilter(filter, turnedFilter, oc, ic);
  transformFilters(turned ? turnedFilter : filter, filters, filterPlane(g), tile, ic, oc);
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    transformInputs(g, x, ic, first, count, inPlanes, inPlane, tile, zeros);
    for (let k = 0; k < 36; ++k) {
      planeProduct(inPlanes + (<usize>k) * inPlane, filters + (<usize>k) * filterPlane(g), outPlanes + (<usize>k) * outPlane, count, ic, oc);
    }
    transformOutputs(g, outPlanes, outPlane, y, biasPadded, oc, first, count, tile, relu);
  }
}

/** dFilter = gradient by the filter: per plane the product of transformed inputs and output gradients, transformed back. */
export function winogradGradFilter(g: Window, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const ic = g.inChannels, oc = g.outChannels, tiles = tilesOf(g), block = tilesPerBlock(g, FILTER_TILES);
  const inPlane = planeBytes(block, ic), outPlane = planeBytes(block, oc);
  const tile = scratch, sums = tile + TILE_BYTES, zeros = sums + 36 * filterPlane(g);
  const inPlanes = zeros + floats(g.inWidth * ic), outPlanes = inPlanes + 36 * inPlane;
  zeroFill(sums, 36 * filterPlane(g));
  zeroFill(zeros, floats(g.inWidth * ic));
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    transformInputs(g, x, ic, first, count, inPlanes, inPlane, tile, zeros);
    transformGradients(g, dy, oc, first, count, outPlanes, outPlane, tile);
    for (let k = 0; k < 36; ++k) {
      let sum = sums + (<usize>k) * filterPlane(g);
      const inputs = inPlanes + (<usize>k) * inPlane, gradients = outPlanes + (<usize>k) * outPlane;
      for (let o = 0; o < oc; o += 8) {
        for (let i = 0; i < ic; i += 4) {
          outerProductTile4x8(inputs + floats(i), gradients + floats(o), sum, 1, count, 0, floats(ic), 0, floats(oc));
          sum += 128;
        }
      }
    }
  }
  transformFilterGradients(sums, filterPlane(g), dFilter, tile, ic, oc);
}

/** 36 planes [outChannels / 8][inChannels][8] -> HWIO 3x3. */
function transformFilterGradients(sums: usize, plane: usize, dFilter: usize, tile: usize, inChannels: i32, outChannels: i32): void {
  const tap = floats(inChannels * outChannels);
  for (let ic = 0; ic < inChannels; ++ic) {
    for (let oc = 0; oc < outChannels; oc += 4) {
      const panel = sums + floats((oc >> 3) * inChannels * 8 + ic * 8 + (oc & 4));
      for (let i: usize = 0; i < 6; ++i) transformFilterBack(panel + i * 6 * plane, plane, tile + i * 16, 96);
      const to = dFilter + floats(ic * outChannels + oc);
      for (let j: usize = 0; j < 3; ++j) transformFilterBack(tile + j * 96, 16, to + j * tap, 3 * tap);
    }
  }
}
