// Max pooling that halves height and width, as assembly/pooling.ts.
#pragma once
#include "geometry.h"

namespace ISA {

INLINE bool poolingSuits(const Window& g) {
  const bool isHalving = g.outHeight * 2 == g.inHeight && g.outWidth * 2 == g.inWidth && !g.padTop && !g.padLeft;
  return isHalving && g.kernelHeight == 2 && g.kernelWidth == 2 && g.strideHeight == 2 && g.strideWidth == 2 &&
         g.inChannels % W == 0;
}

static void maxPool(const Window* window, const float* x, float* y) {
  const int pixel = window->inChannels, row = pixel * window->inWidth;
  for (int r = window->batch * window->outHeight; r > 0; r--, x += row)
    for (int p = 0; p < window->outWidth; p++, x += pixel)
      for (int c = 0; c < pixel; c += W, x += W, y += W)
        store(y, maxOf(maxOf(load(x), load(x + pixel)), maxOf(load(x + row), load(x + row + pixel))));
}

/** The gradient goes to the first pixel of a window that has its maximum. */
static void maxPoolGrad(const Window* window, const float* x, const float* y, const float* dy, float* dx) {
  const int pixel = window->inChannels, row = pixel * window->inWidth, offsets[4] = {0, pixel, row, row + pixel};
  for (int r = window->batch * window->outHeight; r > 0; r--, x += row, dx += row)
    for (int p = 0; p < window->outWidth; p++, x += pixel, dx += pixel)
      for (int c = 0; c < pixel; c += W, x += W, dx += W, y += W, dy += W) {
        const vec peak = load(y), d = load(dy);
        mask taken = {};
        for (int offset : offsets) {
          const mask hit = (mask)(load(x + offset) == peak) & ~taken;
          taken |= hit;
          store(dx + offset, (vec)((mask)d & hit));
        }
      }
}

}  // namespace ISA
