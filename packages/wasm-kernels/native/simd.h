// Vectors of WIDTH floats by Clang's vector extensions: one source for AVX2, AVX-512 and NEON. Everything that depends
// on the instruction set stands in a namespace named after it (ISA), because one file holds the kernels of several.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

namespace ISA {

constexpr int W = WIDTH;
typedef float vec __attribute__((vector_size(4 * W), aligned(4), may_alias));
typedef int32_t mask __attribute__((vector_size(4 * W), aligned(4), may_alias));
typedef double wide __attribute__((vector_size(8 * W), aligned(8), may_alias));

INLINE vec load(const float* p) { return *reinterpret_cast<const vec*>(p); }
INLINE void store(float* p, vec v) { *reinterpret_cast<vec*>(p) = v; }
/** x minus zero is x for every x, so that nothing is computed; plus zero would be an addition, because of -0. */
INLINE vec splat(float x) { return x - vec{}; }

/**
 * a * b + c, rounded once, as WebAssembly's relaxed_madd. Nothing else is contracted (-ffp-contract=off), so that every
 * width computes the bits of the relaxed-SIMD build.
 */
INLINE vec madd(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }

/** At least `floor`, where a NaN in x stays NaN. */
INLINE vec clampBelow(vec x, vec floor) { return x < floor ? floor : x; }
/** The floor of a ReLU, or one below everything. */
INLINE vec floorOf(bool relu) { return splat(relu ? 0.f : -__builtin_inff()); }
/** d where the output of a ReLU is positive, elsewhere 0. */
INLINE vec openGradient(vec d, vec output) { return (vec)((mask)d & (mask)(output > vec{})); }
/** The larger of the two; NaN if one of them is, and 0 is larger than -0: WebAssembly's max. */
INLINE vec maxOf(vec a, vec b) { return __builtin_elementwise_maximum(a, b); }

INLINE void addToDoubles(double* p, vec v) { *reinterpret_cast<wide*>(p) += __builtin_convertvector(v, wide); }

/** A number known when the code is compiled, as an argument. */
template <int N>
struct Constant {
  static constexpr int value = N;
};

template <class T>
INLINE T least(T a, T b) {
  return a < b ? a : b;
}
template <class T>
INLINE T most(T a, T b) {
  return a > b ? a : b;
}

INLINE void copyFloats(float* to, const float* from, size_t count) { __builtin_memcpy(to, from, 4 * count); }
INLINE void clearFloats(float* to, size_t count) { __builtin_memset(to, 0, 4 * count); }

}  // namespace ISA
