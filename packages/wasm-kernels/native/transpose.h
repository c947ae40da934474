// Squares of W x W floats, transposed in registers.
#pragma once
#include "simd.h"

namespace ISA {

/** The numbers of a vector's lanes, 0 to W - 1; <utility>'s integer_sequence without a standard library. */
template <class Number, Number... numbers>
struct Sequence {};
using LaneNumbers = __make_integer_seq<Sequence, int, W>;

/** Lane of a, or of b from W on, that comes to `lane` when a and b exchange blocks of D lanes. */
template <int D>
constexpr int exchangedLane(int lane, bool second) {
  const int block = lane / D, fromBlock = (block & ~1) + second;
  return (block & 1 ? W : 0) + fromBlock * D + lane % D;
}

/** Every other block of D lanes of a and b, the even ones or, if `second`, the odd ones. */
template <int D, bool second, int... lanes>
INLINE vec exchangeBlocks(vec a, vec b, Sequence<int, lanes...>) {
  return __builtin_shufflevector(a, b, exchangedLane<D>(lanes, second)...);
}

template <int D>
INLINE void transposeBlocks(vec (&v)[W]) {
  constexpr LaneNumbers lanes{};
  for (int i = 0; i < W; i++) {
    if (i & D) continue;
    const vec a = v[i], b = v[i + D];
    v[i] = exchangeBlocks<D, false>(a, b, lanes);
    v[i + D] = exchangeBlocks<D, true>(a, b, lanes);
  }
  if constexpr (D > 1) transposeBlocks<D / 2>(v);
}

/** W lines of W floats, `line` apart, to their columns, `column` apart. */
INLINE void transpose(const float* from, ptrdiff_t line, float* to, ptrdiff_t column) {
  vec v[W];
  for (int i = 0; i < W; i++) v[i] = load(from + i * line);
  transposeBlocks<W / 2>(v);
  for (int i = 0; i < W; i++) store(to + i * column, v[i]);
}

}  // namespace ISA
