// The one-dimensional transforms of Winograd's F(4, 3) (A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural
// Networks, CVPR 2016, https://arxiv.org/abs/1509.09308). The interpolation points are 0, +-1/sqrt(2), +-sqrt(2) and
// infinity instead of the paper's 0, +-1, +-2 and infinity: the matrices' entries are closer to 1 (at most 2 sqrt(2)
// instead of 8), which makes rounding errors several times smaller. The order of operations is part of the result's
// bits.
#pragma once
#include "simd.h"

namespace ISA {

constexpr float NEAR_POINT = 0.70710678118654752f, FAR_POINT = 1.41421356237309505f;

INLINE vec inputEdge(vec a, vec b, vec c) { return madd(b, splat(-2.5f), a + c); }

/** Six pixels. */
INLINE void inputTransform(const vec (&d)[6], vec (&o)[6]) {
  const vec even = madd(d[2], splat(-2), d[4]), odd = madd(d[1], splat(-2), d[3]) * NEAR_POINT;
  const vec evenFar = madd(d[2], splat(-.5f), d[4]), oddFar = madd(d[1], splat(-.5f), d[3]) * FAR_POINT;
  o[0] = inputEdge(d[0], d[2], d[4]);
  o[1] = even + odd;
  o[2] = even - odd;
  o[3] = evenFar + oddFar;
  o[4] = evenFar - oddFar;
  o[5] = inputEdge(d[1], d[3], d[5]);
}

/** Six products to four outputs. */
INLINE void outputTransform(const vec (&m)[6], vec (&o)[4]) {
  const vec a = m[1] + m[2], e = m[3] + m[4], b = (m[1] - m[2]) * NEAR_POINT, f = (m[3] - m[4]) * FAR_POINT;
  o[0] = m[0] + a + e;
  o[1] = b + f;
  o[2] = madd(e, splat(2), a * .5f);
  o[3] = madd(f, splat(2), madd(b, splat(.5f), m[5]));
}

/** Four gradients of outputs. */
INLINE void gradientTransform(const vec (&y)[4], vec (&o)[6]) {
  const vec a = madd(y[2], splat(.5f), y[0]), b = madd(y[3], splat(.5f), y[1]) * NEAR_POINT;
  const vec e = madd(y[2], splat(2), y[0]), f = madd(y[3], splat(2), y[1]) * FAR_POINT;
  o[0] = y[0];
  o[1] = a + b;
  o[2] = a - b;
  o[3] = e + f;
  o[4] = e - f;
  o[5] = y[3];
}

/** Three taps of a filter. */
INLINE void filterTransform(const vec (&g)[3], vec (&o)[6]) {
  const vec a = g[0] * (2 / 3.f) + g[2] * (1 / 3.f), b = g[1] * (FAR_POINT / 3);
  const vec e = g[0] * (1 / 6.f) + g[2] * (1 / 3.f), f = g[1] * (FAR_POINT / 6);
  o[0] = g[0];
  o[1] = -(a + b);
  o[2] = b - a;
  o[3] = e + f;
  o[4] = e - f;
  o[5] = g[2];
}

/** Six sums to the gradients of three taps. */
INLINE void filterGradientTransform(const vec (&u)[6], vec (&o)[3]) {
  const vec a = u[1] + u[2], b = u[2] - u[1], e = u[3] + u[4], f = u[3] - u[4];
  o[0] = u[0] - a * (2 / 3.f) + e * (1 / 6.f);
  o[1] = b * (FAR_POINT / 3) + f * (FAR_POINT / 6);
  o[2] = (e - a) * (1 / 3.f) + u[5];
}

}  // namespace ISA
