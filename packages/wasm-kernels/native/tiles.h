// The inner loops of every product and convolution: R rows x V vectors of results in registers, one step of the inner
// dimension at a time.
#pragma once
#include "simd.h"

namespace ISA {

/** Rows of a tile of one and of two vectors: AVX2 has 16 registers, AVX-512 and NEON have 32. */
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int ROWS1 = 8, ROWS2 = 8;
#else
constexpr int ROWS1 = 8, ROWS2 = 4;
#endif

/** Adds the sum over k of a[r * aRow + k * aStep] * b[k * bStep + v] to s[r][v], in the order of k. */
template <int R, int V>
INLINE void multiply(vec (&s)[R][V], const float* a, int64_t aRow, int64_t aStep, const float* b, int64_t bStep,
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

template <int N>
struct Constant {
  static constexpr int value = N;
};

/** Calls f(first row, Constant<rows>) for each group of rows: whole ones of R, then what is left in smaller ones. */
template <int R, class F>
INLINE void byRows(int rows, F f) {
  int r = 0;
  for (; r + R <= rows; r += R) f(r, Constant<R>{});
  if constexpr (R > 1) {
    if (r < rows) byRows<(R > 8 ? 8 : R / 2)>(rows - r, [&](int at, auto n) { f(r + at, n); });
  }
}

/** Whether a product is added to what is there: before its sums begin, after they end, or not at all. */
enum Adds { NEVER, BEFORE, AFTER };

/** c [rows, V vectors] = or += a [rows, depth] b [depth, V vectors]; all strides in floats. */
template <int V>
void product(const float* a, int64_t aRow, int64_t aStep, const float* b, int64_t bStep, float* c, int64_t cRow,
             int rows, int depth, Adds adds) {
  constexpr int R = V == 1 ? ROWS1 : ROWS2;
  byRows<R>(rows, [&](int first, auto count) {
    constexpr int N = decltype(count)::value;
    vec s[N][V];
    float* to = c + first * cRow;
    for (int r = 0; r < N; r++)
      for (int v = 0; v < V; v++) s[r][v] = adds == BEFORE ? load(to + r * cRow + v * W) : vec{};
    multiply<N, V>(s, a + first * aRow, aRow, aStep, b, bStep, depth);
    for (int r = 0; r < N; r++)
      for (int v = 0; v < V; v++)
        store(to + r * cRow + v * W, adds == AFTER ? s[r][v] + load(to + r * cRow + v * W) : s[r][v]);
  });
}

/** The same where the number of vectors, 1 or 2, is known only when it runs. */
INLINE void productOf(int vectors, const float* a, int64_t aRow, int64_t aStep, const float* b, int64_t bStep, float* c,
                      int64_t cRow, int rows, int depth, Adds adds) {
  if (vectors == 2)
    product<2>(a, aRow, aStep, b, bStep, c, cRow, rows, depth, adds);
  else
    product<1>(a, aRow, aStep, b, bStep, c, cRow, rows, depth, adds);
}

/** Vectors of a panel: packed filters and columns stand in panels of one or two vectors, [panel][row][panel width]. */
INLINE int panelVectors(int channels) { return channels % (2 * W) == 0 ? 2 : 1; }

}  // namespace ISA
