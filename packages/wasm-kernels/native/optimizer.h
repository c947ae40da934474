// One step of an optimizer, as assembly/optimizer.ts.
#pragma once
#include "simd.h"

namespace ISA {

/** Adam for one parameter of n floats; the arguments as in assembly/optimizer.ts. */
static void adam(float* __restrict parameter, const float* __restrict gradient, float* __restrict m,
                 float* __restrict v, int n, float beta1, float beta2, float rest1, float rest2, float epsilon,
                 float l2, float decay, float stepSize, float correction2) {
  for (int i = 0; i < n; i++) {
    const float old = parameter[i], g = __builtin_fmaf(l2, old, gradient[i]);
    const float mean = __builtin_fmaf(rest1, g, beta1 * m[i]), square = __builtin_fmaf(rest2 * g, g, beta2 * v[i]);
    m[i] = mean;
    v[i] = square;
    parameter[i] = old * decay - stepSize * mean / (__builtin_sqrtf(square) / correction2 + epsilon);
  }
}

}  // namespace ISA
