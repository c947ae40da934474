// Matrix products, in the order of sums of assembly/gemm.ts: by blocks of the inner dimension, each summed from zero.
#pragma once
#include "scratch.h"
#include "tiles.h"

namespace ISA {

/** Part of the result's bits: the sums of a block are added to those of the blocks before. */
constexpr int BLOCK_DEPTH = 512;
/** Packed columns stay in the second-level cache, and so do the rows that pass by. */
constexpr int BLOCK_COLUMNS = 256, BLOCK_ROWS = 64;

/** Whether columns can be packed as vectors: rows or columns of b are contiguous, and c has whole vectors. */
INLINE bool gemmSuits(int bRow, int bColumn, int n) { return (bColumn == 1 || bRow == 1) && n % W == 0; }

/** Packs b [depth, columns], whose rows are contiguous, in panels. */
static void packRows(const float* b, int64_t bRow, float* packed, int depth, int columns, int panel) {
  for (int d = 0; d < depth; d++)
    for (int j = 0; j < columns; j += panel)
      for (int v = 0; v < panel; v += W) store(packed + j * depth + d * panel + v, load(b + d * bRow + j + v));
}

/** The same from contiguous columns, 16 lines at a time so that the written cache lines stay. */
static void packColumns(const float* b, int64_t bColumn, float* packed, int depth, int columns, int panel) {
  for (int j = 0; j < columns; j += panel)
    for (int d0 = 0; d0 < depth; d0 += 16)
      for (int v = 0; v < panel; v++)
        for (int d = d0; d < least(d0 + 16, depth); d++) packed[j * depth + d * panel + v] = b[d + (j + v) * bColumn];
}

/** c [m, n] = a [m, k] b [k, n], a and b with any strides. */
static bool gemm(const float* a, int aRow, int aColumn, const float* b, int bRow, int bColumn, float* c, int m, int n,
                 int k, Arena& arena) {
  const int vectors = panelVectors(n), panel = vectors * W;
  const bool turned = aRow == 1;
  Scratch scratch(arena, size_t{BLOCK_DEPTH} * (BLOCK_COLUMNS + m));
  if (!scratch) return false;
  float *packed = scratch.take(BLOCK_DEPTH * BLOCK_COLUMNS), *rows = scratch.take(size_t{BLOCK_DEPTH} * m);
  for (int k0 = 0; k0 < k; k0 += BLOCK_DEPTH) {
    const int depth = least(BLOCK_DEPTH, k - k0);
    const float* from = a + int64_t{k0} * aColumn;
    if (!turned)  // dense, so that rows do not share a cache set
      for (int i = 0; i < m; i++) copyFloats(rows + int64_t{i} * depth, from + int64_t{i} * aRow, depth);
    const float* left = turned ? from : rows;
    const int64_t row = turned ? 1 : depth, step = turned ? aColumn : 1;
    for (int j0 = 0; j0 < n; j0 += BLOCK_COLUMNS) {
      const int columns = least(BLOCK_COLUMNS, n - j0);
      const float* right = b + int64_t{k0} * bRow + int64_t{j0} * bColumn;
      if (bColumn == 1)
        packRows(right, bRow, packed, depth, columns, panel);
      else
        packColumns(right, bColumn, packed, depth, columns, panel);
      for (int i = 0; i < m; i += BLOCK_ROWS)
        for (int j = 0; j < columns; j += panel)
          productOf(vectors, left + i * row, row, step, packed + j * depth, panel, c + int64_t{i} * n + j0 + j, n,
                    least(BLOCK_ROWS, m - i), depth, k0 ? AFTER : NEVER);
    }
  }
  return true;
}

}  // namespace ISA
