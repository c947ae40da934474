// One step of an optimizer over all parameters, as assembly/optimizer.ts.
#pragma once
#include "call.h"
#include "simd.h"

namespace ISA {

/** One parameter of a step: byte offsets into the heap of its values and of their gradients. */
struct Update {
  uint32_t parameter, gradient;
  int32_t size;
};

struct AdamFactors {
  float beta1, beta2, rest1, rest2, epsilon, l2, decay, stepSize, correction2;
};

static void adamOne(float* __restrict parameter, const float* __restrict gradient, float* __restrict m,
                    float* __restrict v, int n, const AdamFactors& f) {
  for (int i = 0; i < n; i++) {
    const float old = parameter[i], g = __builtin_fmaf(f.l2, old, gradient[i]);
    const float mean = __builtin_fmaf(f.rest1, g, f.beta1 * m[i]);
    const float square = __builtin_fmaf(f.rest2 * g, g, f.beta2 * v[i]);
    m[i] = mean;
    v[i] = square;
    parameter[i] = old * f.decay - f.stepSize * mean / (__builtin_sqrtf(square) / f.correction2 + f.epsilon);
  }
}

/** The arguments as in assembly/optimizer.ts. */
static void adam(Heap heap, const Update* updates, int count, float* m, float* v, float beta1, float beta2, float rest1,
                 float rest2, float epsilon, float l2, float decay, float stepSize, float correction2) {
  const AdamFactors factors{beta1, beta2, rest1, rest2, epsilon, l2, decay, stepSize, correction2};
  for (const Update* end = updates + count; updates < end; m += updates->size, v += updates->size, updates++)
    adamOne(heap.floatsAt(updates->parameter), heap.floatsAt(updates->gradient), m, v, updates->size, factors);
}

struct SgdFactors {
  float learningRate, momentum, l2;
};

template <bool hasVelocity, bool nesterov, bool first>
static void sgdOne(float* __restrict parameter, const float* __restrict gradient, float* __restrict velocity, int n,
                   const SgdFactors& f) {
  for (int i = 0; i < n; i++) {
    const float old = parameter[i];
    float direction = __builtin_fmaf(f.l2, old, gradient[i]);
    if constexpr (hasVelocity) {
      const float kept = first ? direction : __builtin_fmaf(f.momentum, velocity[i], direction);
      velocity[i] = kept;
      direction = nesterov ? __builtin_fmaf(f.momentum, kept, direction) : kept;
    }
    parameter[i] = old - f.learningRate * direction;
  }
}

static void sgd(Heap heap, const Update* updates, int count, float* velocity, float learningRate, float momentum,
                float l2, int nesterov, int first) {
  const SgdFactors factors{learningRate, momentum, l2};
  const auto one = !velocity  ? sgdOne<false, false, false>
                   : nesterov ? (first ? sgdOne<true, true, true> : sgdOne<true, true, false>)
                              : (first ? sgdOne<true, false, true> : sgdOne<true, false, false>);
  for (const Update* end = updates + count; updates < end; updates++) {
    one(heap.floatsAt(updates->parameter), heap.floatsAt(updates->gradient), velocity, updates->size, factors);
    if (velocity) velocity += updates->size;
  }
}

}  // namespace ISA
