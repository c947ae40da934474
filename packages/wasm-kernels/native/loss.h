// Softmax and cross entropy in one pass per sample.
#pragma once
#include "polynomials.h"

namespace ISA {

INLINE int argmax(const float* row, int classes) {
  int best = 0;
  for (int c = 1; c < classes; c++)
    if (row[c] > row[best]) best = c;
  return best;
}

/** Halves added to halves; at 4 lanes, neighbors first. */
INLINE float sumOf(vec v) {
  static_assert(W == 4, "another width would sum in another order");
  return v[0] + v[1] + (v[2] + v[3]);
}

/**
 * losses[n] = -log softmax(logits[n])[labels[n]]; correct[n] = 1 where the first largest logit is the label's;
 * dLogits = (softmax - one-hot) / batch, the gradient of the mean loss. logits and dLogits [batch, classes].
 */
EXPORT(softmaxCrossEntropy)
void softmaxCrossEntropy(const float* logits, const int32_t* labels, float* losses, float* correct, float* dLogits,
                         int batch, int classes) {
  const int whole = classes / W * W;
  const float share = 1 / float(batch);
  for (int n = 0; n < batch; n++, logits += classes, dLogits += classes) {
    const int label = labels[n], best = argmax(logits, classes);
    const float peak = logits[best];
    byVectors(classes, [&](int c, auto lanes) { store(dLogits + c, exp(load(logits + c, lanes) - peak), lanes); });
    vec sums = {};
    for (int c = 0; c < whole; c += W) sums += load(dLogits + c);
    float sum = sumOf(sums);
    for (int c = whole; c < classes; c++) sum += dLogits[c];
    losses[n] = float(log(double(sum)) + double(peak) - double(logits[label]));
    correct[n] = best == label ? 1 : 0;
    const float factor = share / sum;
    for (int c = 0; c < classes; c++) dLogits[c] *= factor;
    dLogits[label] -= share;
  }
}

}  // namespace ISA
