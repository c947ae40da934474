// Vectors of WIDTH floats by Clang's vector extensions: one source for AVX2, AVX-512, NEON and WebAssembly. Everything
// that depends on the instruction set stands in a namespace named after it (ISA), because one file holds the kernels of
// several. Distances in memory are ptrdiff_t: int64_t would cost WebAssembly, whose addresses have 32 bits, two
// operations per address.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

/** Before each kernel: WebAssembly exports it by its name; the native kernels are those that kernels.cc lists. */
#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name) static
#endif

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
 * a * b + c, rounded once, as WebAssembly's relaxed_madd; the plain SIMD build, which has no such instruction, rounds
 * twice. Nothing else is contracted (-ffp-contract=off), so that every width computes the bits of the relaxed build.
 */
INLINE vec madd(vec a, vec b, vec c) {
#if defined(__wasm_relaxed_simd__)
  return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#elif defined(__wasm__)
  return a * b + c;
#else
  return __builtin_elementwise_fma(a, b, c);
#endif
}

/**
 * At least `floor`, where a NaN in x stays NaN. For WebAssembly by name: of a comparison, Clang makes relaxed_max in
 * the relaxed build, which may lose the NaN.
 */
INLINE vec clampBelow(vec x, vec floor) {
#ifdef __wasm__
  return __builtin_wasm_pmax_f32x4(x, floor);
#else
  return x < floor ? floor : x;
#endif
}
/** At most `ceiling`, likewise. */
INLINE vec clampAbove(vec x, vec ceiling) {
#ifdef __wasm__
  return __builtin_wasm_pmin_f32x4(x, ceiling);
#else
  return x > ceiling ? ceiling : x;
#endif
}
/** The floor of a ReLU, or one below everything. */
INLINE vec floorOf(bool relu) { return splat(relu ? 0.f : -__builtin_inff()); }
/** d where the output of a ReLU is positive, elsewhere 0. */
INLINE vec openGradient(vec d, vec output) { return (vec)((mask)d & (mask)(output > vec{})); }
/** The larger of the two; NaN if one of them is, and 0 is larger than -0: WebAssembly's max. */
INLINE vec maxOf(vec a, vec b) { return __builtin_elementwise_maximum(a, b); }

/**
 * Keeps the vectors at `p` in memory between two passes over them: of WebAssembly, V8 would hold more of them in
 * registers than there are.
 */
INLINE void settle(vec* p) {
#ifdef __wasm__
  asm volatile("" : : "r"(p) : "memory");
#endif
}

INLINE void addToDoubles(double* p, vec v) { *reinterpret_cast<wide*>(p) += __builtin_convertvector(v, wide); }

/** A number known when the code is compiled, as an argument. */
template <int N>
struct Constant {
  static constexpr int value = N;
  constexpr operator ptrdiff_t() const { return N; }
};

/** In place of a Constant, where vectors end: one vector of which only the first lanes are real. */
struct Rest {
  static constexpr int value = 1;
  int lanes;
};
template <int N>
INLINE vec load(const float* p, Constant<N>) {
  return load(p);
}
template <int N>
INLINE void store(float* p, vec v, Constant<N>) {
  store(p, v);
}
/** Zeros in the lanes that are not real; nothing beyond them is read. */
INLINE vec load(const float* p, Rest rest) {
  float all[W] = {};
  for (int i = 0; i < rest.lanes; i++) all[i] = p[i];
  return load(all);
}
INLINE void store(float* p, vec v, Rest rest) {
  float all[W];
  store(all, v);
  for (int i = 0; i < rest.lanes; i++) p[i] = all[i];
}

/** Calls f(i, Constant<1>) for each whole vector of n floats, then f(i, Rest) if some are left. */
template <class F>
INLINE void byVectors(int n, F f) {
  int i = 0;
  for (; i + W <= n; i += W) f(i, Constant<1>{});
  if (i < n) f(i, Rest{n - i});
}

template <class T>
INLINE constexpr T least(T a, T b) {
  return a < b ? a : b;
}
template <class T>
INLINE T most(T a, T b) {
  return a > b ? a : b;
}

INLINE int roundUp(int n, int multiple) { return (n + multiple - 1) / multiple * multiple; }

INLINE void copyFloats(float* to, const float* from, size_t count) { __builtin_memcpy(to, from, 4 * count); }
INLINE void clearFloats(float* to, size_t count) { __builtin_memset(to, 0, 4 * count); }

}  // namespace ISA
