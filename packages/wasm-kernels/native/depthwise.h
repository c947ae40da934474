// Depthwise convolution, NHWC: each channel with a filter of its own, [kernelHeight, kernelWidth, channels]. Vectors
// run along the channels.
#pragma once
#include "geometry.h"

namespace ISA {

/** First and last (exclusive) of the places along one axis whose pixel under a filter's tap is inside the image. */
struct Inside {
  int first, end;
};
INLINE Inside placesInside(int tap, int pad, int stride, int in, int out) {
  const int before = pad - tap, after = in + pad - tap;
  return {before > 0 ? (before + stride - 1) / stride : 0, after > 0 ? least(out, (after + stride - 1) / stride) : 0};
}

/** y = x * filter + bias, at least 0 if `relu`; no bias: null. */
EXPORT(depthwiseForward)
void depthwiseForward(const Window* window, const float* x, const float* filter, const float* bias, float* y,
                      int relu) {
  const Window& g = *window;
  const ptrdiff_t pixel = g.inChannels, row = pixel * g.inWidth;
  const vec floor = floorOf(relu != 0);
  for (int n = 0; n < g.batch; n++, x += g.inImage())
    for (int h = 0; h < g.outHeight; h++) {
      const int top = h * g.strideHeight - g.padTop;
      const int firstRow = most(0, -top), endRow = least(int(g.kernelHeight), g.inHeight - top);
      for (int w = 0; w < g.outWidth; w++, y += pixel) {
        const int left = w * g.strideWidth - g.padLeft;
        const int firstColumn = most(0, -left), endColumn = least(int(g.kernelWidth), g.inWidth - left);
        byVectors(g.inChannels, [&](int c, auto lanes) {
          vec sum = bias ? load(bias + c, lanes) : vec{};
          for (int i = firstRow; i < endRow; i++) {
            const float* from = x + (top + i) * row + (left + firstColumn) * pixel + c;
            const float* weight = filter + (ptrdiff_t{i} * g.kernelWidth + firstColumn) * pixel + c;
            for (int j = firstColumn; j < endColumn; j++, from += pixel, weight += pixel)
              sum = madd(load(from, lanes), load(weight, lanes), sum);
          }
          store(y + c, clampBelow(sum, floor), lanes);
        });
      }
    }
}

/** The gradient with respect to x: each value of dy goes back to the pixels that it was made of. */
EXPORT(depthwiseGradInput)
void depthwiseGradInput(const Window* window, const float* dy, const float* filter, float* dx) {
  const Window& g = *window;
  const ptrdiff_t pixel = g.inChannels, row = pixel * g.inWidth;
  clearFloats(dx, g.batch * g.inImage());
  for (int n = 0; n < g.batch; n++, dx += g.inImage())
    for (int h = 0; h < g.outHeight; h++) {
      const int top = h * g.strideHeight - g.padTop;
      const int firstRow = most(0, -top), endRow = least(int(g.kernelHeight), g.inHeight - top);
      for (int w = 0; w < g.outWidth; w++, dy += pixel) {
        const int left = w * g.strideWidth - g.padLeft;
        const int firstColumn = most(0, -left), endColumn = least(int(g.kernelWidth), g.inWidth - left);
        byVectors(g.inChannels, [&](int c, auto lanes) {
          const vec d = load(dy + c, lanes);
          for (int i = firstRow; i < endRow; i++) {
            float* to = dx + (top + i) * row + (left + firstColumn) * pixel + c;
            const float* weight = filter + (ptrdiff_t{i} * g.kernelWidth + firstColumn) * pixel + c;
            for (int j = firstColumn; j < endColumn; j++, to += pixel, weight += pixel)
              store(to, madd(d, load(weight, lanes), load(to, lanes)), lanes);
          }
        });
      }
    }
}

/** The sums of one place of dy with the 3 x 3 places of x around it, for one vector of channels. */
template <class Lanes>
INLINE void addPlace(const Window& g, const float* x, int top, int left, vec d, vec* sums, Lanes lanes) {
  for (int i = 0; i < 3; i++) {
    if (top + i < 0 || top + i >= g.inHeight) continue;
    for (int j = 0; j < 3; j++)
      if (left + j >= 0 && left + j < g.inWidth)
        sums[3 * i + j] =
            madd(load(x + (ptrdiff_t{top + i} * g.inWidth + left + j) * g.inChannels, lanes), d, sums[3 * i + j]);
  }
}

/** depthwiseGradFilter for 3 x 3, which reads dy once instead of nine times; to the same bits. */
static void depthwiseGradFilterOf3(const Window& g, const float* x, const float* dy, float* dFilter) {
  byVectors(g.inChannels, [&](int c, auto lanes) {
    wide totals[9] = {};
    const float* d = dy + c;
    for (int n = 0; n < g.batch; n++)
      for (int h = 0; h < g.outHeight; h++) {
        vec sums[9] = {};
        for (int w = 0; w < g.outWidth; w++, d += g.inChannels)
          addPlace(g, x + n * g.inImage() + c, h * g.strideHeight - g.padTop, w * g.strideWidth - g.padLeft,
                   load(d, lanes), sums, lanes);
        for (int i = 0; i < 9; i++) totals[i] += __builtin_convertvector(sums[i], wide);
      }
    for (int i = 0; i < 9; i++)
      store(dFilter + ptrdiff_t{i} * g.inChannels + c, __builtin_convertvector(totals[i], vec), lanes);
  });
}

/** The gradient with respect to the filter: sums over rows of an image in floats, over rows and images in doubles. */
EXPORT(depthwiseGradFilter)
void depthwiseGradFilter(const Window* window, const float* x, const float* dy, float* dFilter) {
  const Window& g = *window;
  if (g.kernelHeight == 3 && g.kernelWidth == 3) return depthwiseGradFilterOf3(g, x, dy, dFilter);
  const ptrdiff_t pixel = g.inChannels, row = pixel * g.inWidth, outRow = pixel * g.outWidth;
  for (int i = 0; i < g.kernelHeight; i++) {
    const Inside rows = placesInside(i, g.padTop, g.strideHeight, g.inHeight, g.outHeight);
    for (int j = 0; j < g.kernelWidth; j++, dFilter += pixel) {
      const Inside columns = placesInside(j, g.padLeft, g.strideWidth, g.inWidth, g.outWidth);
      byVectors(g.inChannels, [&](int c, auto lanes) {
        wide total = {};
        for (int n = 0; n < g.batch; n++)
          for (int h = rows.first; h < rows.end; h++) {
            vec sum = {};
            const float* from = x + n * g.inImage() + (h * g.strideHeight - g.padTop + i) * row + c;
            const float* d = dy + n * g.outImage() + h * outRow + c;
            for (int w = columns.first; w < columns.end; w++)
              sum = madd(load(from + (w * g.strideWidth - g.padLeft + j) * pixel, lanes), load(d + w * pixel, lanes),
                         sum);
            total += __builtin_convertvector(sum, wide);
          }
        store(dFilter + c, __builtin_convertvector(total, vec), lanes);
      });
    }
  }
}

}  // namespace ISA
