// The inner loops of every product and convolution: R rows x V vectors of results in registers, one step of the inner
// dimension at a time.
#pragma once
#include "simd.h"

namespace ISA {

/**
 * Rows of a tile of one and of two vectors: as many as keep all multiply-add units busy. AVX2 has 16 registers, of
 * which twelve sums, two vectors of b and an element of a fill 15; AVX-512 and NEON have 32. AVX-512 takes 16 rows of
 * one vector, the width of 16 channels: eight sums would only just cover a multiply-add's latency. Of WebAssembly, V8
 * loads all that a step reads before it computes: sums, vectors of b and elements of a together must fit 15 registers.
 */
#if defined(__AVX512F__)
constexpr int ROWS1 = 16, ROWS2 = 8;
#elif defined(__aarch64__)
constexpr int ROWS1 = 8, ROWS2 = 8;
#elif defined(__wasm__)
constexpr int ROWS1 = 6, ROWS2 = 4;
#else
constexpr int ROWS1 = 8, ROWS2 = 6;
#endif
constexpr int rowsOf(int vectors) { return vectors == 1 ? ROWS1 : ROWS2; }

/**
 * Adds the sum over k of a[r * aRow + k * aStep] * b[k * bStep + v] to s[r][v], in the order of k. aRow may be a
 * Constant: the rows then share one address.
 */
template <int R, int V, class Row>
INLINE void multiply(vec (&s)[R][V], const float* a, Row aRow, ptrdiff_t aStep, const float* b, ptrdiff_t bStep,
                     int depth) {
  for (int k = 0; k < depth; k++) {
    vec w[V];
    for (int v = 0; v < V; v++) w[v] = load(b + v * W);
    for (int r = 0; r < R; r++)
      for (int v = 0; v < V; v++) s[r][v] = madd(splat(a[r * aRow]), w[v], s[r][v]);
    a += aStep;
    b += bStep;
  }
}

/** Calls f(Constant<rows>) for `rows` of 1 to R. */
template <int R, class F>
INLINE void withRows(int rows, F f) {
  if constexpr (R > 1)
    if (rows < R) return withRows<R - 1>(rows, f);
  f(Constant<R>{});
}

/** Rows of the next group where `rows` are left: R, except that the last two share theirs if one would be small. */
template <int R>
INLINE int nextRows(int rows) {
  if (rows <= R) return rows;
  return rows < R + 4 ? (rows + 1) / 2 : R;
}

/** Calls f(first row, Constant<rows>) for each group of rows. */
template <int R, class F>
INLINE void byRows(int rows, F f) {
  int first = 0;
  for (; rows - first == R || rows - first >= R + 4; first += R) f(first, Constant<R>{});
  while (first < rows) {
    const int count = nextRows<R>(rows - first);
    withRows<R>(count, [&](auto constant) { f(first, constant); });
    first += count;
  }
}

/** Whether a product's sums begin with what is there, or with zero. */
enum Adds { NEVER, BEFORE };

/** c [rows, V vectors] = or += a [rows, depth] b [depth, V vectors]; all strides in floats. Only `lanes` of c exist. */
template <int V, class Row, class Lanes = Constant<V>>
void product(const float* a, Row aRow, ptrdiff_t aStep, const float* b, ptrdiff_t bStep, float* c, ptrdiff_t cRow,
             int rows, int depth, Adds adds, Lanes lanes = {}) {
  byRows<rowsOf(V)>(rows, [&](int first, auto count) {
    constexpr int N = decltype(count)::value;
    vec s[N][V];
    float* to = c + first * cRow;
    for (int r = 0; r < N; r++)
      for (int v = 0; v < V; v++) s[r][v] = adds == BEFORE ? load(to + r * cRow + v * W, lanes) : vec{};
    multiply(s, a + first * aRow, aRow, aStep, b, bStep, depth);
    for (int r = 0; r < N; r++)
      for (int v = 0; v < V; v++) store(to + r * cRow + v * W, s[r][v], lanes);
  });
}

/** The same where the number of vectors, 1 or 2, is known only when it runs. */
template <class Row>
INLINE void productOf(int vectors, const float* a, Row aRow, ptrdiff_t aStep, const float* b, ptrdiff_t bStep, float* c,
                      ptrdiff_t cRow, int rows, int depth, Adds adds) {
  if (vectors == 2)
    product<2>(a, aRow, aStep, b, bStep, c, cRow, rows, depth, adds);
  else
    product<1>(a, aRow, aStep, b, bStep, c, cRow, rows, depth, adds);
}

/** Vectors of a panel: packed filters and columns stand in panels of one or two vectors, [panel][row][panel width]. */
INLINE int panelVectors(int channels) { return channels % (2 * W) == 0 ? 2 : 1; }

}  // namespace ISA
