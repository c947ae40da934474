// Matrix products, by blocks of the inner dimension, each summed from zero.
// Both matrices are packed into what one tile after another reads, as in Goto, van de Geijn: Anatomy of
// High-Performance Matrix Multiplication, ACM TOMS 34(3), 2008.
#pragma once
#include "scratch.h"
#include "tiles.h"
#include "transpose.h"

namespace ISA {

/** Part of the result's bits: the sums of a block are added to those of the blocks before. */
constexpr int BLOCK_DEPTH = 512;
/** Packed at once; a divisor of BLOCK_DEPTH. A block of columns takes up the second-level cache ... */
constexpr int PACKED_DEPTH = 256, PACKED_COLUMNS = 512, PACKED_ROWS = 192;
/** ... and the floats of packed rows that meet one panel of columns after another half of the first. */
constexpr int ROW_FLOATS = 4096;

/** Whether columns can be packed as vectors: rows or columns of b are contiguous, and c has whole vectors. */
INLINE bool gemmSuits(int bRow, int bColumn, int n) { return (bColumn == 1 || bRow == 1) && n % W == 0; }

/** Packs rows of a [rows, depth] in the groups of byRows<R>: [group][depth][rows of the group]. */
template <int R>
static void packRows(const float* a, ptrdiff_t aRow, ptrdiff_t aColumn, float* packed, int rows, int depth) {
  byRows<R>(rows, [&](int first, auto count) {
    constexpr int N = decltype(count)::value;
    const float* from = a + first * aRow;
    if (aRow == 1)
      for (int d = 0; d < depth; d++, packed += N) copyFloats(packed, from + d * aColumn, N);
    else
      for (int d = 0; d < depth; d++, packed += N)
        for (int r = 0; r < N; r++) packed[r] = from[r * aRow + d * aColumn];
  });
}

/** Packs columns of b [depth, columns] in panels; zeros follow the last column. */
static void packColumns(const float* b, ptrdiff_t bRow, ptrdiff_t bColumn, float* packed, int depth, int columns,
                        int panel) {
  if (bColumn == 1) {
    for (int d = 0; d < depth; d++) {
      const float* row = b + d * bRow;
      float* to = packed + d * panel;
      int j = 0;
      for (; j + panel <= columns; j += panel)
        for (int v = 0; v < panel; v += W) store(to + j * depth + v, load(row + j + v));
      if (j < columns) store(to + j * depth, load(row + j, Rest{columns - j}));
    }
    return;
  }
  const int whole = depth - depth % W;
  int j = 0;
  for (; j + W <= columns; j += W) {
    const float* from = b + j * bColumn;
    float* to = packed + j / panel * panel * depth + j % panel;
    for (int d = 0; d < whole; d += W) transpose(from + d, bColumn, to + d * panel, panel);
    for (int d = whole; d < depth; d++)
      for (int v = 0; v < W; v++) to[d * panel + v] = from[d + v * bColumn];
  }
  for (int d = 0; j < columns && d < depth; d++)
    for (int v = 0; v < W; v++) packed[j * depth + d * W + v] = j + v < columns ? b[d + (j + v) * bColumn] : 0;
}

/** c [rows, columns] = or += packed rows times packed columns. */
template <int V>
static void packedProduct(const float* rowsPacked, const float* columnsPacked, float* c, ptrdiff_t cRow, int rows,
                          int columns, int depth, Adds adds) {
  constexpr int R = rowsOf(V), PANEL = V * W;
  const int atOnce = most(1, ROW_FLOATS / depth / R) * R;
  for (int i = 0; i < rows;) {
    // A last block that would hold less than a group belongs to the one before, so that byRows groups as packRows did.
    const int count = rows - i < atOnce + 2 * R ? rows - i : atOnce;
    for (int j = 0; j < columns; j += PANEL)
      byRows<R>(count, [&](int first, auto groupRows) {
        constexpr int N = decltype(groupRows)::value;
        const float* a = rowsPacked + ptrdiff_t{i + first} * depth;
        const float* b = columnsPacked + ptrdiff_t{j} * depth;
        float* to = c + (i + first) * cRow + j;
        if (V == 2 || j + W <= columns)
          product<V>(a, Constant<1>{}, N, b, PANEL, to, cRow, N, depth, adds);
        else
          product<1>(a, Constant<1>{}, N, b, PANEL, to, cRow, N, depth, adds, Rest{columns - j});
      });
    i += count;
  }
}

/** What one call multiplies, and where it packs it. */
template <int V>
static void multiplyBlocks(const float* a, int aRow, int aColumn, const float* b, int bRow, int bColumn, float* c,
                           ptrdiff_t cRow, int rows, int columns, int k, float* rowsPacked, float* columnsPacked,
                           float* later) {
  for (int k0 = 0; k0 < k; k0 += PACKED_DEPTH) {
    const int depth = least(PACKED_DEPTH, k - k0);
    const bool isLater = k0 >= BLOCK_DEPTH;
    packRows<rowsOf(V)>(a + ptrdiff_t{k0} * aColumn, aRow, aColumn, rowsPacked, rows, depth);
    packColumns(b + ptrdiff_t{k0} * bRow, bRow, bColumn, columnsPacked, depth, columns, V * W);
    packedProduct<V>(rowsPacked, columnsPacked, isLater ? later : c, isLater ? columns : cRow, rows, columns, depth,
                     k0 % BLOCK_DEPTH ? BEFORE : NEVER);
    if (!isLater || ((k0 + depth) % BLOCK_DEPTH && k0 + depth < k)) continue;
    for (int i = 0; i < rows; i++)
      byVectors(columns, [&](int j, auto lanes) {
        const vec sum = load(later + ptrdiff_t{i} * columns + j, lanes) + load(c + i * cRow + j, lanes);
        store(c + i * cRow + j, sum, lanes);
      });
  }
}

/** How much one call packs at once, and what that takes of the scratch. */
struct Packing {
  int rows, columns, depth;
  size_t laterFloats;

  Packing(int m, int n, int k)
      : rows(k > BLOCK_DEPTH ? least(m, PACKED_ROWS) : m),
        columns(least(n, PACKED_COLUMNS)),
        depth(least(k, PACKED_DEPTH)),
        laterFloats(k > BLOCK_DEPTH ? size_t(rows) * columns : 0) {}
  size_t rowFloats() const { return size_t(depth) * rows; }
  size_t columnFloats() const { return size_t(depth) * roundUp(columns, W); }
  size_t floats() const { return rowFloats() + columnFloats() + laterFloats; }
};

EXPORT(gemmScratch)
size_t gemmScratch(int m, int n, int k) { return Scratch::bytes(Packing(m, n, k).floats()); }

/** c [m, n] = a [m, k] b [k, n]; a and b are dense matrices, or such transposed, so that one stride of each is 1. */
EXPORT(gemm)
bool gemm(const float* a, int aRow, int aColumn, const float* b, int bRow, int bColumn, float* c, int m, int n, int k,
          Arena& arena) {
  const Packing packing(m, n, k);
  Scratch scratch(arena, packing.floats());
  if (!scratch) return false;
  float *rowsPacked = scratch.take(packing.rowFloats()), *columnsPacked = scratch.take(packing.columnFloats());
  float* later = scratch.take(packing.laterFloats);
  if (k == 0) clearFloats(c, size_t(m) * n);
  const auto multiply = panelVectors(n) == 2 ? multiplyBlocks<2> : multiplyBlocks<1>;
  for (int i = 0; i < m; i += packing.rows)
    for (int j = 0; j < n; j += packing.columns)
      multiply(a + ptrdiff_t{i} * aRow, aRow, aColumn, b + ptrdiff_t{j} * bColumn, bRow, bColumn,
               c + ptrdiff_t{i} * n + j, n, least(packing.rows, m - i), least(packing.columns, n - j), k, rowsPacked,
               columnsPacked, later);
  return true;
}

}  // namespace ISA
