// Matrix products on packed panels: c[m, n] = op(a) op(b). Transposition only changes element strides.
import { productTile4x8 } from './microkernels';
import { tanh } from './math';
import { activationFloor, clampBelow, floats, loadLanes, roundUp, storeLanes } from './simd';

/** Inner dimension of one packed block: a panel of 8 columns is 16 KiB, half of the first-level cache. */
const BLOCK_DEPTH: i32 = 512;
/** Columns of one packed block: 128 KiB, in the second-level cache. Rows of b are then read 256 bytes at a time. */
const BLOCK_COLUMNS: i32 = 64;
const TILE_FLOATS: i32 = 32;
/**
 * Panels of 16 KiB would start in the same cache set. Skewing them lets all eight panels of a block be written without
 * evicting each other.
 */
const PANEL_SKEW: usize = 64;

export function gemmScratch(m: i32): usize {
  return (
    floats(TILE_FLOATS + BLOCK_DEPTH * roundUp(m, 4)) +
    <usize>(BLOCK_COLUMNS / 8) * (floats(BLOCK_DEPTH * 8) + PANEL_SKEW)
  );
}

/** 4 vectors of 4 neighbors along the depth -> 4 of 4 neighbors along the width, at to + 0, step, 2 step, 3 step. */
@inline
function storeTransposed(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const ab = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const abHigh = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const cdHigh = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(to + step, i64x2.shuffle(ab, cd, 1, 3));
  v128.store(to + 2 * step, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * step, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}

/** Any matrix -> panels [depth][width], element by element, with zeros after its end. */
function packAny(from: usize, step: i32, depthStep: i32, panel: usize, count: i32, depth: i32, width: i32): void {
  for (let k = 0; k < depth; ++k) {
    for (let j = 0; j < width; ++j) store<f32>(panel + floats(j), j < count ? load<f32>(from + floats(j * step)) : 0);
    panel += floats(width);
    from += floats(depthStep);
  }
}

/** A panel whose depth is contiguous in the matrix: 4 x 4 blocks are transposed in registers. */
@inline
function packAlongDepth(from: usize, step: i32, panel: usize, depth: i32, width: i32): void {
  const line = floats(step),
    whole = depth & ~3;
  for (let j = 0; j < width; j += 4) {
    const lines = from + <usize>j * line;
    for (let k = 0; k < whole; k += 4) {
      const at = lines + floats(k);
      storeTransposed(
        v128.load(at),
        v128.load(at + line),
        v128.load(at + 2 * line),
        v128.load(at + 3 * line),
        panel + floats(k * width + j),
        floats(width),
      );
    }
  }
  for (let k = whole; k < depth; ++k) {
    for (let j = 0; j < width; ++j) store<f32>(panel + floats(k * width + j), load<f32>(from + floats(j * step + k)));
  }
}

/**
 * Packs `extent` neighbors of a matrix with element strides (step, depthStep) into panels of `width` (4 or 8),
 * panelBytes apart.
 */
@inline
function packPanels(
  from: usize,
  step: i32,
  depthStep: i32,
  panels: usize,
  panelBytes: usize,
  extent: i32,
  depth: i32,
  width: i32,
): void {
  const whole = extent - (extent % width);
  if (step == 1) {
    for (let k = 0; k < depth; ++k) {
      // line by line, so that the matrix is read in memory order
      let at = from + floats(k * depthStep),
        to = panels + floats(k * width);
      for (let i = 0; i < whole; i += width) {
        v128.store(to, v128.load(at));
        if (width == 8) v128.store(to, v128.load(at, 16), 16);
        at += floats(width);
        to += panelBytes;
      }
    }
  } else if (depthStep == 1) {
    for (let i = 0; i < whole; i += width)
      packAlongDepth(from + floats(i * step), step, panels + <usize>(i / width) * panelBytes, depth, width);
  } else {
    for (let i = 0; i < whole; i += width)
      packAny(from + floats(i * step), step, depthStep, panels + <usize>(i / width) * panelBytes, width, depth, width);
  }
  if (whole < extent)
    packAny(
      from + floats(whole * step),
      step,
      depthStep,
      panels + <usize>(whole / width) * panelBytes,
      extent - whole,
      depth,
      width,
    );
}

/** aRow, aColumn, bRow, bColumn: element strides of op(a) [m, k] and op(b) [k, n]; c is dense. */
export function gemm(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  scratch: usize,
): void {
  const tile = scratch,
    aPanels = tile + floats(TILE_FLOATS),
    bPanels = aPanels + floats(BLOCK_DEPTH * roundUp(m, 4));
  if (k == 0) memory.fill(c, 0, floats(m * n));
  for (let k0 = 0; k0 < k; k0 += BLOCK_DEPTH) {
    const depth = min(BLOCK_DEPTH, k - k0),
      accumulate = k0 > 0;
    const aPanelBytes = floats(depth * 4),
      bPanelBytes = floats(depth * 8) + PANEL_SKEW;
    packPanels(a + floats(k0 * aColumn), aRow, aColumn, aPanels, aPanelBytes, m, depth, 4);
    for (let j0 = 0; j0 < n; j0 += BLOCK_COLUMNS) {
      const columns = min(BLOCK_COLUMNS, n - j0);
      packPanels(b + floats(k0 * bRow + j0 * bColumn), bColumn, bRow, bPanels, bPanelBytes, columns, depth, 8);
      for (let j = 0; j < columns; j += 8) {
        // a panel of b stays in the first-level cache while all panels of a are read
        const bPanel = bPanels + <usize>(j >> 3) * bPanelBytes;
        let aPanel = aPanels,
          to = c + floats(j0 + j);
        for (let i = 0; i < m; i += 4) {
          if (i + 4 <= m && j + 8 <= columns) {
            productTile4x8(aPanel, bPanel, to, floats(n), depth, accumulate);
          } else {
            productTile4x8(aPanel, bPanel, tile, 32, depth, false);
            addTile(tile, to, min(4, m - i), min(8, columns - j), n, accumulate);
          }
          aPanel += aPanelBytes;
          to += floats(4 * n);
        }
      }
    }
  }
}

function addTile(tile: usize, c: usize, rows: i32, columns: i32, cRow: i32, accumulate: bool): void {
  for (let i = 0; i < rows; ++i) {
    for (let j = 0; j < columns; ++j) {
      const to = c + floats(i * cRow + j),
        value = load<f32>(tile + floats(i * 8 + j));
      store<f32>(to, accumulate ? load<f32>(to) + value : value);
    }
  }
}

@inline
function finishLanes(y: usize, bias: usize, floor: v128, isTanh: bool, lanes: i32): void {
  let v = loadLanes(y, lanes);
  if (bias) v = f32x4.add(v, loadLanes(bias, lanes));
  storeLanes(y, isTanh ? tanh(v) : clampBelow(v, floor), lanes);
}

/** y = activation(y + bias) in place; activation: 0 none, 1 ReLU, 2 tanh. bias may be null. */
export function finishDense(y: usize, bias: usize, rows: i32, columns: i32, activation: i32): void {
  const floor = activationFloor(activation == 1 ? 1 : 0),
    isTanh = activation == 2,
    whole = columns & ~3;
  for (let i = 0; i < rows; ++i) {
    for (let j = 0; j < whole; j += 4) finishLanes(y + floats(j), bias ? bias + floats(j) : 0, floor, isTanh, 4);
    if (columns & 3) finishLanes(y + floats(whole), bias ? bias + floats(whole) : 0, floor, isTanh, columns & 3);
    y += floats(columns);
  }
}
