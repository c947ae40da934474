// Elementary functions by polynomials, so that no result depends on a C library, and without tables, because the
// WebAssembly module owns no data. From the Cephes library (S. Moshier), single precision: relative error about 1e-7.
#pragma once
#include "simd.h"

namespace ISA {

/** e^x; x is bounded to where the result is finite and normal, NaN stays NaN. */
INLINE vec exp(vec x) {
  const vec bounded = clampBelow(clampAbove(x, splat(88.37f)), splat(-87.33f));
  const vec n = __builtin_elementwise_roundeven(bounded * 1.44269504088896341f);
  const vec r = bounded - n * 0.693359375f + n * 2.1219444e-4f;
  vec y = madd(splat(1.98756915e-4f), r, splat(1.3981999507e-3f));
  y = madd(y, r, splat(8.3334519073e-3f));
  y = madd(y, r, splat(4.1665795894e-2f));
  y = madd(y, r, splat(1.6666665459e-1f));
  y = madd(y, r, splat(5.0000001201e-1f));
  y = madd(y * r, r, r) + 1;
  const mask power = (__builtin_convertvector(n, mask) + 127) << 23;
  return y * (vec)power;
}

INLINE vec tanh(vec x) {
  const vec magnitude = __builtin_elementwise_abs(x), z = x * x;
  vec p = madd(splat(-5.70498872745e-3f), z, splat(2.06390887954e-2f));
  p = madd(p, z, splat(-5.37397155531e-2f));
  p = madd(p, z, splat(1.33314422036e-1f));
  p = madd(p, z, splat(-3.33332819422e-1f));
  const vec near = madd(p * z, x, x);
  const vec far = splat(1) - splat(2) / (exp(magnitude + magnitude) + 1);
  const vec signedFar = (vec)((mask)far | ((mask)x & (mask)splat(-0.f)));
  return magnitude < 0.625f ? near : signedFar;
}

/** Natural logarithm of a float64: 2 artanh((m - 1) / (m + 1)) after splitting off the exponent. */
INLINE double log(double x) {
  if (!(x > 0) || x == __builtin_inf()) return x == 0 ? -__builtin_inf() : x < 0 ? __builtin_nan("") : x;
  const uint64_t bits = __builtin_bit_cast(uint64_t, x);
  int exponent = int(bits >> 52) - 1023;
  double m = __builtin_bit_cast(double, (bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const double t = (m - 1) / (m + 1), z = t * t;
  const double series =
      1 + z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 + z * (1.0 / 11 + z * (1.0 / 13 + z / 15))))));
  return 2 * t * series + exponent * 0.6931471805599453;
}

}  // namespace ISA
