// Convolutions of any geometry, in the order of sums of assembly/convolution-direct.ts, for written channels divisible
// by W.
#pragma once
#include "geometry.h"
#include "scratch.h"
#include "tiles.h"

namespace ISA {

/** Distances in floats: between the rows that a window reads, the rows and pixels it moves by, and those it writes. */
struct Strides {
  int64_t xRow, xRowStep, xPixel, yRow, yPixel;
};

/** One panel of output channels of one padded image. */
template <int V>
static void convolvePanel(const float* x, const float* panel, const float* bias, float* y, int outHeight, int outWidth,
                          int kernelRows, int kernelLength, const Strides& s, bool relu) {
  const vec floor = floorOf(relu);
  for (int oh = 0; oh < outHeight; oh++, x += s.xRowStep, y += s.yRow)
    byRows<rowsOf(V)>(outWidth, [&](int first, auto count) {
      constexpr int N = decltype(count)::value;
      vec sums[N][V];
      for (int r = 0; r < N; r++)
        for (int v = 0; v < V; v++) sums[r][v] = bias ? load(bias + v * W) : vec{};
      for (int row = 0; row < kernelRows; row++)
        multiply<N, V>(sums, x + first * s.xPixel + row * s.xRow, s.xPixel, 1, panel + row * kernelLength * V * W,
                       V * W, kernelLength);
      for (int r = 0; r < N; r++)
        for (int v = 0; v < V; v++) store(y + (first + r) * s.yPixel + v * W, clampBelow(sums[r][v], floor));
    });
}

/** All panels of one padded image; `kernelLength` is the floats that a window reads of one row. */
static void convolveImage(const float* x, const float* panels, const float* bias, float* y, int outHeight, int outWidth,
                          int kernelRows, int kernelLength, const Strides& s, int channels, bool relu) {
  const int vectors = panelVectors(channels), panel = vectors * W;
  for (int c = 0; c < channels; c += panel, panels += kernelRows * kernelLength * panel) {
    const float* biases = bias ? bias + c : nullptr;
    if (vectors == 2)
      convolvePanel<2>(x, panels, biases, y + c, outHeight, outWidth, kernelRows, kernelLength, s, relu);
    else
      convolvePanel<1>(x, panels, biases, y + c, outHeight, outWidth, kernelRows, kernelLength, s, relu);
  }
}

static void copyIntoPadded(const float* x, float* padded, int height, int width, int channels, int paddedWidth, int top,
                           int left) {
  for (int h = 0; h < height; h++)
    copyFloats(padded + ((top + h) * int64_t{paddedWidth} + left) * channels, x + int64_t{h} * width * channels,
               size_t(width) * channels);
}

static bool convForward(const Window* window, const float* x, const float* filter, const float* bias, float* y,
                        Arena& arena, int relu) {
  const Window& g = *window;
  const int taps = g.kernelHeight * g.kernelWidth * g.inChannels, channels = g.outChannels;
  const int panel = panelVectors(channels) * W, width = g.paddedWidth();
  const int64_t xRow = int64_t{width} * g.inChannels, imageFloats = g.paddedHeight() * xRow;
  Scratch scratch(arena, int64_t{taps} * channels + imageFloats);
  if (!scratch) return false;
  float *panels = scratch.take(int64_t{taps} * channels), *image = scratch.take(imageFloats);
  clearFloats(image, imageFloats);
  for (int c = 0; c < channels; c += panel)
    for (int tap = 0; tap < taps; tap++)
      copyFloats(panels + int64_t{c} * taps + tap * panel, filter + int64_t{tap} * channels + c, panel);
  const Strides strides{xRow, xRow * g.strideHeight, int64_t{g.inChannels} * g.strideWidth,
                        int64_t{g.outWidth} * channels, channels};
  for (int n = 0; n < g.batch; n++) {
    copyIntoPadded(x + n * g.inImage(), image, g.inHeight, g.inWidth, g.inChannels, width, g.padTop, g.padLeft);
    convolveImage(image, panels, bias, y + n * g.outImage(), g.outHeight, g.outWidth, g.kernelHeight,
                  g.kernelWidth * g.inChannels, strides, channels, relu);
  }
  return true;
}

/** The input pixels whose row and column leave the same rests when divided by the strides: one phase has the same taps.
 */
struct Phase {
  int row, column, firstRow, firstColumn, tapRows, tapColumns;

  Phase(const Window& g, int row, int column)
      : row(row),
        column(column),
        firstRow((row + g.padTop) % g.strideHeight),
        firstColumn((column + g.padLeft) % g.strideWidth),
        tapRows(taps(firstRow, g.kernelHeight, g.strideHeight)),
        tapColumns(taps(firstColumn, g.kernelWidth, g.strideWidth)) {}

  static int taps(int first, int size, int stride) { return first < size ? (size - 1 - first) / stride + 1 : 0; }

  /** Floats of its packed filter. */
  int64_t floats(const Window& g) const { return int64_t{tapRows} * tapColumns * g.outChannels * g.inChannels; }

  /** Packs its taps, turned by 180 degrees, in panels of input channels. */
  void pack(const Window& g, const float* filter, float* to) const {
    const int panel = panelVectors(g.inChannels) * W;
    for (int c = 0; c < g.inChannels; c += panel)
      for (int i = 0; i < tapRows; i++)
        for (int j = 0; j < tapColumns; j++) {
          const int tapRow = firstRow + (tapRows - 1 - i) * g.strideHeight;
          const int tapColumn = firstColumn + (tapColumns - 1 - j) * g.strideWidth;
          const float* tap = filter + (int64_t{tapRow * g.kernelWidth + tapColumn} * g.inChannels + c) * g.outChannels;
          for (int o = 0; o < g.outChannels; o++)
            for (int l = 0; l < panel; l++) *to++ = tap[int64_t{l} * g.outChannels + o];
        }
  }

  /** Writes its pixels of one image's dx, from a dy with a border all around. */
  void run(const Window& g, const float* image, int border, const float* panels, float* dx) const {
    const int ic = g.inChannels, oc = g.outChannels;
    const int64_t imageRow = int64_t{g.outWidth + 2 * border} * oc;
    const int fromRow = (row + g.padTop - firstRow) / g.strideHeight - (tapRows - 1) + border;
    const int fromColumn = (column + g.padLeft - firstColumn) / g.strideWidth - (tapColumns - 1) + border;
    const Strides strides{imageRow, imageRow, oc, int64_t{g.inWidth} * ic * g.strideHeight,
                          int64_t{ic} * g.strideWidth};
    convolveImage(image + fromRow * imageRow + fromColumn * oc, panels, nullptr,
                  dx + (int64_t{row} * g.inWidth + column) * ic,
                  (g.inHeight - row + g.strideHeight - 1) / g.strideHeight,
                  (g.inWidth - column + g.strideWidth - 1) / g.strideWidth, tapColumns > 0 ? tapRows : 0,
                  tapColumns * oc, strides, ic, false);
  }
};

/** Calls f(phase, where its packed filter stands). */
template <class F>
INLINE void byPhases(const Window& g, float* panels, F f) {
  for (int row = 0; row < g.strideHeight; row++)
    for (int column = 0; column < g.strideWidth; column++) {
      const Phase phase(g, row, column);
      f(phase, panels);
      panels += phase.floats(g);
    }
}

static bool convGradInput(const Window* window, const float* dy, const float* filter, float* dx, Arena& arena) {
  const Window& g = *window;
  const int border = most(g.kernelHeight, g.kernelWidth), width = g.outWidth + 2 * border;
  const int64_t imageFloats = int64_t{g.outHeight + 2 * border} * width * g.outChannels;
  const int64_t filterFloats = int64_t{g.kernelHeight} * g.kernelWidth * g.outChannels * g.inChannels;
  Scratch scratch(arena, filterFloats + imageFloats);
  if (!scratch) return false;
  float *panels = scratch.take(filterFloats), *image = scratch.take(imageFloats);
  clearFloats(image, imageFloats);
  byPhases(g, panels, [&](const Phase& phase, float* packed) { phase.pack(g, filter, packed); });
  for (int n = 0; n < g.batch; n++) {
    copyIntoPadded(dy + n * g.outImage(), image, g.outHeight, g.outWidth, g.outChannels, width, border, border);
    byPhases(g, panels, [&](const Phase& phase, const float* packed) {
      phase.run(g, image, border, packed, dx + n * g.inImage());
    });
  }
  return true;
}

static bool convGradFilter(const Window* window, const float* x, const float* dy, float* dFilter, Arena& arena) {
  const Window& g = *window;
  const int oc = g.outChannels, length = g.kernelWidth * g.inChannels, width = g.paddedWidth();
  const int vectors = panelVectors(oc), panel = vectors * W;
  const int64_t xRow = int64_t{width} * g.inChannels, xPixel = int64_t{g.inChannels} * g.strideWidth;
  const int64_t imageFloats = g.paddedHeight() * xRow;
  Scratch scratch(arena, imageFloats);
  if (!scratch) return false;
  float* image = scratch.take(imageFloats);
  clearFloats(image, imageFloats);
  clearFloats(dFilter, int64_t{g.kernelHeight} * length * oc);
  for (int n = 0; n < g.batch; n++) {
    copyIntoPadded(x + n * g.inImage(), image, g.inHeight, g.inWidth, g.inChannels, width, g.padTop, g.padLeft);
    for (int h = 0; h < g.outHeight; h++)
      for (int kh = 0; kh < g.kernelHeight; kh++)
        for (int o = 0; o < oc; o += panel) {
          const float* from = image + (h * g.strideHeight + kh) * xRow;
          const float* d = dy + (int64_t{n} * g.outHeight + h) * g.outWidth * oc + o;
          productOf(vectors, from, 1, xPixel, d, oc, dFilter + int64_t{kh} * length * oc + o, oc, length, g.outWidth,
                    BEFORE);
        }
  }
  return true;
}

}  // namespace ISA
