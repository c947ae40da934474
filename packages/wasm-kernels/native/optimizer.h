// One step of an optimizer over all parameters, in place, in PyTorch's order of operations (torch.optim.Adam, AdamW,
// SGD).
#pragma once
#include "heap.h"
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
  byVectors(n, [&](int i, auto lanes) {
    const vec old = load(parameter + i, lanes), g = madd(splat(f.l2), old, load(gradient + i, lanes));
    const vec mean = madd(splat(f.rest1), g, f.beta1 * load(m + i, lanes));
    const vec square = madd(f.rest2 * g, g, f.beta2 * load(v + i, lanes));
    store(m + i, mean, lanes);
    store(v + i, square, lanes);
    const vec denominator = __builtin_elementwise_sqrt(square) / f.correction2 + f.epsilon;
    store(parameter + i, old * f.decay - f.stepSize * mean / denominator, lanes);
  });
}

/**
 * m and v hold one value per element of all parameters, one after another. rest1 = 1 - beta1, rest2 = 1 - beta2; decay
 * = 1 - learningRate * weightDecay; stepSize = learningRate / (1 - beta1^step); correction2 = sqrt(1 - beta2^step).
 */
EXPORT(adam)
void adam(Heap heap, const Update* updates, int count, float* m, float* v, float beta1, float beta2, float rest1,
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
  byVectors(n, [&](int i, auto lanes) {
    const vec old = load(parameter + i, lanes);
    vec direction = madd(splat(f.l2), old, load(gradient + i, lanes));
    if constexpr (hasVelocity) {
      const vec kept = first ? direction : madd(splat(f.momentum), load(velocity + i, lanes), direction);
      store(velocity + i, kept, lanes);
      direction = nesterov ? madd(splat(f.momentum), kept, direction) : kept;
    }
    store(parameter + i, old - f.learningRate * direction, lanes);
  });
}

/** velocity, like adam's m, is null without momentum; on the first step it becomes the gradient, as in PyTorch. */
EXPORT(sgd)
void sgd(Heap heap, const Update* updates, int count, float* velocity, float learningRate, float momentum, float l2,
         int nesterov, int first) {
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
