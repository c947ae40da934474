// From tensors to Winograd's 36 planes and back, tile by tile.
import { Window } from './geometry';
import { activationFloor, floats } from './simd';
import { gradientColumn, gradientRow, inputColumn, inputRow, outputColumn, outputRow, transformFilter, transformFilterBack, zeroColumn } from './winograd-transforms';

/** Vectors of one tile between the two passes of a transform. */
export const TILE_BYTES: usize = 36 * 16;

/** HWIO 3x3 -> 36 planes [outChannels / 8][inChannels][8]. */
export function transformFilters(filter: usize, to: usize, plane: usize, tile: usize, inChannels: i32, outChannels: i32): void {
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

/** Tiles first to first + count of a batch -> planes [36][tiles][channels]. zeros: a line of zeros, the padding. */
export function transformInputs(g: Window, x: usize, channels: i32, first: i32, count: i32, planes: usize, plane: usize, tile: usize, zeros: usize): void {
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
export function transformOutputs(g: Window, planes: usize, plane: usize, y: usize, bias: usize, channels: i32, first: i32, count: i32, tile: usize, relu: i32): void {
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
export function transformGradients(g: Window, dy: usize, channels: i32, first: i32, count: i32, planes: usize, plane: usize, tile: usize): void {
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

/** 36 planes [outChannels / 8][inChannels][8] -> HWIO 3x3. */
export function transformFilterGradients(sums: usize, plane: usize, dFilter: usize, tile: usize, inChannels: i32, outChannels: i32): void {
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
