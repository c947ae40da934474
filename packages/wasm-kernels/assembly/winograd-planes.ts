// From tensors to Winograd's 36 planes and back, tile by tile.
import { Window } from './geometry';
import { activationFloor, floats } from './simd';
import {
  gradientColumn,
  gradientRow,
  inputColumn,
  inputRow,
  outputColumn,
  outputRow,
  transformFilter,
  transformFilterBack,
  zeroColumn,
} from './winograd-transforms';

/** Vectors of one filter between the two passes of its transform. */
export const TILE_BYTES: usize = 36 * 16;
/** A column of 6 vectors. */
const COLUMN_BYTES: usize = 6 * 16;

/** Working memory of transformInputs: the columns of a line of tiles with the padding on both sides. */
export function columnBytes(width: i32): usize {
  return <usize>(width + 2) * COLUMN_BYTES;
}

/** HWIO 3x3 -> 36 planes [outChannels / 8][inChannels][8]. */
export function transformFilters(
  filter: usize,
  to: usize,
  plane: usize,
  tile: usize,
  inChannels: i32,
  outChannels: i32,
): void {
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

/** Rotates a filter by 180 degrees and swaps its channels: HWIO -> HWOI, the filter of the input gradient. */
export function turnFilter(filter: usize, to: usize, inChannels: i32, outChannels: i32): void {
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

/**
 * Columns of pixels first to last + 1, 4 channels of them. Each is transformed once, although neighboring tiles share
 * two in six.
 */
function transformColumns(
  row0: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  row4: usize,
  row5: usize,
  pixel: usize,
  count: i32,
  to: usize,
): void {
  for (; count > 0; --count) {
    inputColumn(row0, row1, row2, row3, row4, row5, to);
    row0 += pixel;
    row1 += pixel;
    row2 += pixel;
    row3 += pixel;
    row4 += pixel;
    row5 += pixel;
    to += COLUMN_BYTES;
  }
}

/** Second pass over `count` neighboring tiles, 4 channels of them. */
function transformRows(columns: usize, count: i32, planes: usize, plane: usize, pixel: usize): void {
  for (; count > 0; --count) {
    let to = planes;
    for (let row: usize = 0; row < COLUMN_BYTES; row += 16) {
      inputRow(columns + row, to, plane);
      to += 6 * plane;
    }
    columns += 4 * COLUMN_BYTES;
    planes += pixel;
  }
}

/**
 * Tiles first to first + count of a batch -> planes [36][tiles][channels], a line of tiles at a time. zeros: a line of
 * zeros, the padding; columns: working memory of columnBytes(g.inWidth).
 */
export function transformInputs(
  g: Window,
  x: usize,
  channels: i32,
  first: i32,
  count: i32,
  planes: usize,
  plane: usize,
  columns: usize,
  zeros: usize,
): void {
  const tileRows = g.inHeight >> 2,
    tileColumns = g.inWidth >> 2,
    pixel = floats(channels),
    row = pixel * g.inWidth;
  let tileColumn = first % tileColumns,
    line = first / tileColumns;
  while (count > 0) {
    const tiles = min(count, tileColumns - tileColumn),
      tileRow = line % tileRows;
    const isFirst = tileColumn == 0,
      isLast = tileColumn + tiles == tileColumns;
    const start = x + <usize>line * 4 * row,
      row0 = tileRow == 0 ? zeros : start - row,
      row5 = tileRow == tileRows - 1 ? zeros : start + 4 * row;
    // The first and the last column may be in the padding.
    const left = <usize>tileColumn * 4 * pixel - (isFirst ? 0 : pixel),
      inner = columns + (isFirst ? COLUMN_BYTES : 0);
    const loaded = 4 * tiles + (isFirst ? 0 : 1) + (isLast ? 0 : 1);
    if (isFirst) zeroColumn(columns);
    if (isLast) zeroColumn(columns + <usize>(4 * tiles + 1) * COLUMN_BYTES);
    for (let c: usize = 0; c < pixel; c += 16) {
      const at = left + c;
      transformColumns(
        row0 + at,
        start + at,
        start + row + at,
        start + 2 * row + at,
        start + 3 * row + at,
        row5 + at,
        pixel,
        loaded,
        inner,
      );
      transformRows(columns, tiles, planes + c, plane, pixel);
    }
    planes += <usize>tiles * pixel;
    count -= tiles;
    tileColumn = 0;
    ++line;
  }
}

/** First pass over `count` neighboring tiles, 4 channels of them: 6 columns of 4 vectors per tile. */
function transformPlanes(planes: usize, plane: usize, pixel: usize, count: i32, to: usize): void {
  for (; count > 0; --count) {
    let from = planes;
    for (let end = to + 6 * 64; to < end; to += 64) {
      outputColumn(from, 6 * plane, to);
      from += plane;
    }
    planes += pixel;
  }
}

/** Second pass: to 4 rows of 4 pixels per tile. */
function transformToPixels(
  columns: usize,
  count: i32,
  y: usize,
  row: usize,
  pixel: usize,
  bias: v128,
  floor: v128,
): void {
  for (; count > 0; --count) {
    let to = y;
    for (let end = columns + 64; columns < end; columns += 16) {
      outputRow(columns, to, pixel, bias, floor, 0, false);
      to += row;
    }
    columns += 5 * 64;
    y += 4 * pixel;
  }
}

/** The same, plus the pixels of a tensor of the same shape, which may be the output tensor. */
function transformOntoPixels(columns: usize, count: i32, y: usize, onto: usize, row: usize, pixel: usize): void {
  for (; count > 0; --count) {
    let to = y,
      from = onto;
    for (let end = columns + 64; columns < end; columns += 16) {
      outputRow(columns, to, pixel, f32x4.splat(0), f32x4.splat(0), from, true);
      from += row;
      to += row;
    }
    columns += 5 * 64;
    y += 4 * pixel;
    onto += 4 * pixel;
  }
}

/**
 * Planes [36][tiles][channels] -> tiles first to first + count of a batch, plus onto or, if that is null, bias;
 * columns: working memory of columnBytes(g.inWidth).
 */
export function transformOutputs(
  g: Window,
  planes: usize,
  plane: usize,
  y: usize,
  bias: usize,
  onto: usize,
  channels: i32,
  first: i32,
  count: i32,
  columns: usize,
  relu: i32,
): void {
  const tileColumns = g.inWidth >> 2,
    pixel = floats(channels),
    row = pixel * g.inWidth,
    floor = activationFloor(relu);
  let tileColumn = first % tileColumns,
    line = first / tileColumns;
  while (count > 0) {
    const tiles = min(count, tileColumns - tileColumn);
    const corner = <usize>line * 4 * row + <usize>tileColumn * 4 * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      transformPlanes(planes + c, plane, pixel, tiles, columns);
      if (onto) transformOntoPixels(columns, tiles, y + corner + c, onto + corner + c, row, pixel);
      else transformToPixels(columns, tiles, y + corner + c, row, pixel, v128.load(bias + c), floor);
    }
    planes += <usize>tiles * pixel;
    count -= tiles;
    tileColumn = 0;
    ++line;
  }
}

/** First pass over columns of 4 output gradients, 4 channels of them. */
function transformGradientColumns(dy: usize, row: usize, pixel: usize, count: i32, to: usize): void {
  for (; count > 0; --count) {
    gradientColumn(dy, row, to);
    dy += pixel;
    to += COLUMN_BYTES;
  }
}

/** Second pass over `count` neighboring tiles. */
function transformGradientRows(columns: usize, count: i32, planes: usize, plane: usize, pixel: usize): void {
  for (; count > 0; --count) {
    let to = planes;
    for (let end = columns + COLUMN_BYTES; columns < end; columns += 16) {
      gradientRow(columns, to, plane);
      to += 6 * plane;
    }
    columns += 3 * COLUMN_BYTES;
    planes += pixel;
  }
}

/**
 * Output gradients of tiles first to first + count -> planes [36][tiles][channels]; columns: working memory of
 * columnBytes(g.inWidth).
 */
export function transformGradients(
  g: Window,
  dy: usize,
  channels: i32,
  first: i32,
  count: i32,
  planes: usize,
  plane: usize,
  columns: usize,
): void {
  const tileColumns = g.inWidth >> 2,
    pixel = floats(channels),
    row = pixel * g.inWidth;
  let tileColumn = first % tileColumns,
    line = first / tileColumns;
  while (count > 0) {
    const tiles = min(count, tileColumns - tileColumn);
    const corner = dy + <usize>line * 4 * row + <usize>tileColumn * 4 * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      transformGradientColumns(corner + c, row, pixel, 4 * tiles, columns);
      transformGradientRows(columns, tiles, planes + c, plane, pixel);
    }
    planes += <usize>tiles * pixel;
    count -= tiles;
    tileColumn = 0;
    ++line;
  }
}

/** 36 planes [outChannels / 8][inChannels][8] -> HWIO 3x3. */
export function transformFilterGradients(
  sums: usize,
  plane: usize,
  dFilter: usize,
  tile: usize,
  inChannels: i32,
  outChannels: i32,
): void {
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
