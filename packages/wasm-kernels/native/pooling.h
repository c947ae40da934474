// Pooling, NHWC. Vectors run along the channels.
#pragma once
#include "geometry.h"

namespace ISA {

/** Windows of 2 x 2 without overlap or padding, which need no bounds. */
INLINE bool isHalving(const Window& g) {
  return g.outHeight * 2 == g.inHeight && g.outWidth * 2 == g.inWidth && !g.padTop && !g.padLeft &&
         g.kernelHeight == 2 && g.kernelWidth == 2 && g.strideHeight == 2 && g.strideWidth == 2;
}

static void maxPoolHalving(const Window& g, const float* x, float* y) {
  const int pixel = g.inChannels, row = pixel * g.inWidth;
  for (int r = g.batch * g.outHeight; r > 0; r--, x += row)
    for (int p = 0; p < g.outWidth; p++, x += 2 * pixel, y += pixel)
      byVectors(pixel, [&](int c, auto lanes) {
        const float *upper = x + c, *lower = upper + row;
        const vec ofUpper = maxOf(load(upper, lanes), load(upper + pixel, lanes));
        store(y + c, maxOf(ofUpper, maxOf(load(lower, lanes), load(lower + pixel, lanes))), lanes);
      });
}

static void maxPoolHalvingGrad(const Window& g, const float* x, const float* y, const float* dy, float* dx) {
  const int pixel = g.inChannels, row = pixel * g.inWidth;
  for (int r = g.batch * g.outHeight; r > 0; r--, x += row, dx += row)
    for (int p = 0; p < g.outWidth; p++, x += 2 * pixel, dx += 2 * pixel, y += pixel, dy += pixel)
      byVectors(pixel, [&](int c, auto lanes) {
        const vec peak = load(y + c, lanes), d = load(dy + c, lanes);
        mask taken = {};
        for (int i = 0; i < 4; i++) {
          const int at = c + (i & 1) * pixel + (i >> 1) * row;
          const mask hit = (mask)(load(x + at, lanes) == peak) & ~taken;
          taken |= hit;
          store(dx + at, (vec)((mask)d & hit), lanes);
        }
      });
}

/** Calls f(offset of a window's first pixel in its image, rows, columns), of what of it is inside the image. */
template <class F>
INLINE void byWindows(const Window& g, F f) {
  for (int h = 0; h < g.outHeight; h++)
    for (int w = 0; w < g.outWidth; w++) {
      const int top = h * g.strideHeight - g.padTop, left = w * g.strideWidth - g.padLeft;
      const int row = most(0, top), column = most(0, left);
      f(ptrdiff_t{row * g.inWidth + column} * g.inChannels, least(g.inHeight, top + g.kernelHeight) - row,
        least(g.inWidth, left + g.kernelWidth) - column);
    }
}

/** The maximum of each window; positions in the padding count as minus infinity. */
EXPORT(maxPool)
void maxPool(const Window* window, const float* x, float* y) {
  const Window& g = *window;
  if (isHalving(g)) return maxPoolHalving(g, x, y);
  const int pixel = g.inChannels, row = pixel * g.inWidth;
  for (int n = 0; n < g.batch; n++, x += g.inImage())
    byWindows(g, [&](ptrdiff_t corner, int rows, int columns) {
      byVectors(pixel, [&](int c, auto lanes) {
        vec peak = splat(-__builtin_inff());
        for (int h = 0; h < rows; h++)
          for (int w = 0; w < columns; w++) peak = maxOf(peak, load(x + corner + h * row + w * pixel + c, lanes));
        store(y + c, peak, lanes);
      });
      y += pixel;
    });
}

/** The gradient goes to the first pixel of a window that has its maximum. */
EXPORT(maxPoolGrad)
void maxPoolGrad(const Window* window, const float* x, const float* y, const float* dy, float* dx) {
  const Window& g = *window;
  if (isHalving(g)) return maxPoolHalvingGrad(g, x, y, dy, dx);
  const int pixel = g.inChannels, row = pixel * g.inWidth;
  clearFloats(dx, g.batch * g.inImage());
  for (int n = 0; n < g.batch; n++, x += g.inImage(), dx += g.inImage())
    byWindows(g, [&](ptrdiff_t corner, int rows, int columns) {
      byVectors(pixel, [&](int c, auto lanes) {
        const vec peak = load(y + c, lanes), d = load(dy + c, lanes);
        mask taken = {};
        for (int h = 0; h < rows; h++)
          for (int w = 0; w < columns; w++) {
            const ptrdiff_t at = corner + h * row + w * pixel + c;
            const mask hit = (mask)(load(x + at, lanes) == peak) & ~taken;
            taken |= hit;
            store(dx + at, load(dx + at, lanes) + (vec)((mask)d & hit), lanes);
          }
      });
      y += pixel;
      dy += pixel;
    });
}

/** [batch, pixels, channels] -> [batch, channels]. */
EXPORT(globalAverage)
void globalAverage(const float* x, float* y, int batch, int pixels, int channels) {
  for (int n = 0; n < batch; n++, x += ptrdiff_t{pixels} * channels, y += channels)
    byVectors(channels, [&](int c, auto lanes) {
      vec sum = {};
      for (int p = 0; p < pixels; p++) sum += load(x + ptrdiff_t{p} * channels + c, lanes);
      store(y + c, sum / splat(float(pixels)), lanes);
    });
}

EXPORT(globalAverageGrad)
void globalAverageGrad(const float* dy, float* dx, int batch, int pixels, int channels) {
  for (int n = 0; n < batch; n++, dy += channels) {
    const float* first = dx;
    byVectors(channels, [&](int c, auto lanes) { store(dx + c, load(dy + c, lanes) / splat(float(pixels)), lanes); });
    dx += channels;
    for (int p = 1; p < pixels; p++, dx += channels) copyFloats(dx, first, channels);
  }
}

}  // namespace ISA
