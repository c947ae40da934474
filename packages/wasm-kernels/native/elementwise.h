// Passes over whole tensors, and sums per channel.
#pragma once
#include "batch-norm.h"

namespace ISA {

/** dx = dy where y > 0, else 0; dx may be dy. */
EXPORT(reluGrad)
void reluGrad(const float* dy, const float* y, float* dx, int n) {
  byVectors(n, [&](int i, auto lanes) { store(dx + i, openGradient(load(dy + i, lanes), load(y + i, lanes)), lanes); });
}

/** dx = dy where 0 < y < 6, else 0; dx may be dy. */
EXPORT(relu6Grad)
void relu6Grad(const float* dy, const float* y, float* dx, int n) {
  byVectors(n, [&](int i, auto lanes) {
    const vec value = load(y + i, lanes);
    const vec below = (vec)((mask)load(dy + i, lanes) & (mask)(value < splat(6)));
    store(dx + i, openGradient(below, value), lanes);
  });
}

/** dx = dy * (1 - y^2). */
EXPORT(tanhGrad)
void tanhGrad(const float* dy, const float* y, float* dx, int n) {
  byVectors(n, [&](int i, auto lanes) {
    const vec value = load(y + i, lanes);
    store(dx + i, load(dy + i, lanes) * (splat(1) - value * value), lanes);
  });
}

/** y = a + b, with ReLU if asked; y may be a or b. */
EXPORT(add)
void add(const float* a, const float* b, float* y, int n, int relu) {
  const vec floor = floorOf(relu);
  byVectors(
      n, [&](int i, auto lanes) { store(y + i, clampBelow(load(a + i, lanes) + load(b + i, lanes), floor), lanes); });
}

EXPORT(channelSumsScratch)
size_t channelSumsScratch(int channels) { return Scratch::bytes(Sums::floats(channels)); }

/** sums[c] = sum over rows of x [rows, channels]: the gradient of a bias. */
EXPORT(channelSums)
void channelSums(const float* x, float* sums, Arena& arena, int rows, int channels) {
  Scratch scratch(arena, Sums::floats(channels));
  Sums wide(scratch, channels);
  addSums(x, wide.first, rows, channels);
  for (int c = 0; c < channels; c++) sums[c] = float(wide.first[c]);
}

/**
 * ResNet's parameter-free shortcut (option A): small[n, h, w, pad + c] = large[n, h * stride, w * stride, c], other
 * channels 0; a negative pad crops channels. `backward` copies the other way, for the gradient. The destination is
 * cleared first.
 */
EXPORT(shortcut)
void shortcut(float* large, float* small, int batch, int height, int width, int channels, int stride, int channelPad,
              int backward) {
  const int smallHeight = (height + stride - 1) / stride, smallWidth = (width + stride - 1) / stride;
  const int smallChannels = channels + 2 * channelPad, shared = least(channels, smallChannels);
  const int crop = most(0, -channelPad), margin = most(0, channelPad);
  if (backward)
    clearFloats(large, size_t(batch) * height * width * channels);
  else
    clearFloats(small, size_t(batch) * smallHeight * smallWidth * smallChannels);
  for (int n = 0; n < batch; n++)
    for (int h = 0; h < smallHeight; h++)
      for (int w = 0; w < smallWidth; w++) {
        float* atLarge = large + ptrdiff_t{(n * height + h * stride) * width + w * stride} * channels + crop;
        float* atSmall = small + ptrdiff_t{(n * smallHeight + h) * smallWidth + w} * smallChannels + margin;
        if (backward)
          copyFloats(atLarge, atSmall, shared);
        else
          copyFloats(atSmall, atLarge, shared);
      }
}

}  // namespace ISA
