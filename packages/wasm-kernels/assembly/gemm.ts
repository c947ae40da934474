// Matrix products on packed panels: c[m, n] = op(a) op(b). Transposition is a matter of element strides.
import { productTile4x8 } from './microkernels';
import { tanh } from './math';
import { activationFloor, clampBelow, floats, loadLanes, roundUp, storeLanes } from './simd';

/** Depth of one packed panel: 8 columns of it are 8 KiB and stay in the first-level cache. */
const PANEL_DEPTH: i32 = 256;
const TILE_FLOATS: i32 = 32;

export function gemmScratch(m: i32, n: i32): usize {
  return floats(TILE_FLOATS + PANEL_DEPTH * (roundUp(m, 4) + roundUp(n, 8)));
}

/** [k][width] panels: width neighbouring rows of a matrix with element strides (step, depthStep), zeros behind its end. */
@inline
function packPanels(matrix: usize, step: i32, depthStep: i32, panels: usize, extent: i32, depth: i32, width: i32): void {
  for (let i = 0; i < extent; i += width) {
    let from = matrix + floats(i * step);
    if (step == 1 && i + width <= extent) {
      for (let k = 0; k < depth; ++k) {
        v128.store(panels, v128.load(from));
        if (width == 8) v128.store(panels, v128.load(from, 16), 16);
        panels += floats(width);
        from += floats(depthStep);
      }
    } else {
      for (let k = 0; k < depth; ++k) {
        for (let j = 0; j < width; ++j) store<f32>(panels + floats(j), i + j < extent ? load<f32>(from + floats(j * step)) : 0);
        panels += floats(width);
        from += floats(depthStep);
      }
    }
  }
}

/** aRow, aColumn, bRow, bColumn: element strides of op(a) [m, k] and op(b) [k, n]; c is dense. */
export function gemm(a: usize, aRow: i32, aColumn: i32, b: usize, bRow: i32, bColumn: i32, c: usize, m: i32, n: i32, k: i32, scratch: usize): void {
  const tile = scratch, aPanels = tile + floats(TILE_FLOATS), bPanels = aPanels + floats(PANEL_DEPTH * roundUp(m, 4));
  if (k == 0) memory.fill(c, 0, floats(m * n));
  for (let k0 = 0; k0 < k; k0 += PANEL_DEPTH) {
    const depth = min(PANEL_DEPTH, k - k0), accumulate = k0 > 0;
    packPanels(a + floats(k0 * aColumn), aRow, aColumn, aPanels, m, depth, 4);
    packPanels(b + floats(k0 * bRow), bColumn, bRow, bPanels, n, depth, 8);
    for (let j = 0; j < n; j += 8) {
      for (let i = 0; i < m; i += 4) {
        const to = c + floats(i * n + j);
        const aPanel = aPanels + floats(i * depth), bPanel = bPanels + floats(j * depth);
        if (i + 4 <= m && j + 8 <= n) {
          productTile4x8(aPanel, bPanel, to, floats(n), depth, accumulate);
        } else {
          productTile4x8(aPanel, bPanel, tile, 32, depth, false);
          addTile(tile, to, min(4, m - i), min(8, n - j), n, accumulate);
        }
      }
    }
  }
}

function addTile(tile: usize, c: usize, rows: i32, columns: i32, cRow: i32, accumulate: bool): void {
  for (let i = 0; i < rows; ++i) {
    for (let j = 0; j < columns; ++j) {
      const to = c + floats(i * cRow + j), value = load<f32>(tile + floats(i * 8 + j));
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
  const floor = activationFloor(activation == 1 ? 1 : 0), isTanh = activation == 2, whole = columns & ~3;
  for (let i = 0; i < rows; ++i) {
    for (let j = 0; j < whole; j += 4) finishLanes(y + floats(j), bias ? bias + floats(j) : 0, floor, isTanh, 4);
    if (columns & 3) finishLanes(y + floats(whole), bias ? bias + floats(whole) : 0, floor, isTanh, columns & 3);
    y += floats(columns);
  }
}
