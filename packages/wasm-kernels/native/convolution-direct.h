// Convolutions of any geometry, NHWC with HWIO filters: the image is copied into a zero-padded one, so that the inner
// loops need not handle borders, and the filter is packed in panels of one or two vectors of written channels, with
// zeros after the last one.
#pragma once
#include "geometry.h"
#include "scratch.h"
#include "tiles.h"

namespace ISA {

/** Distances in floats: between the rows that a window reads, the rows and pixels it moves by, and those it writes. */
struct Strides {
  ptrdiff_t xRow, xRowStep, xPixel, yRow, yPixel;
};

/** One panel of output channels of one padded image; `lanes` of its last vector are written. */
template <int V, class Lanes>
static void convolvePanel(const float* x, const float* panel, const float* bias, float* y, int outHeight, int outWidth,
                          int kernelRows, int kernelLength, const Strides& s, bool relu, Lanes lanes) {
  // Of more pixels at once, whose windows stand at addresses of their own, Clang keeps the sums in memory.
  for (int oh = 0; oh < outHeight; oh++, x += s.xRowStep, y += s.yRow)
    byRows<least(rowsOf(V), 8)>(outWidth, [&](int first, auto count) {
      constexpr int N = decltype(count)::value;
      vec sums[N][V];
      for (int r = 0; r < N; r++)
        for (int v = 0; v < V; v++) sums[r][v] = bias ? load(bias + v * W, lanes) : vec{};
      for (int row = 0; row < kernelRows; row++)
        multiply(sums, x + first * s.xPixel + row * s.xRow, s.xPixel, 1, panel + row * kernelLength * V * W, V * W,
                 kernelLength);
      if (relu)  // the floor is no variable, which would take a register of the loop above
        for (int r = 0; r < N; r++)
          for (int v = 0; v < V; v++) sums[r][v] = clampBelow(sums[r][v], vec{});
      for (int r = 0; r < N; r++)
        for (int v = 0; v < V; v++) store(y + (first + r) * s.yPixel + v * W, sums[r][v], lanes);
    });
}

/** All panels of one padded image; `kernelLength` is the floats that a window reads of one row. */
static void convolveImage(const float* x, const float* panels, const float* bias, float* y, int outHeight, int outWidth,
                          int kernelRows, int kernelLength, const Strides& s, int channels, bool relu) {
  const int vectors = panelVectors(channels), panel = vectors * W;
  for (int c = 0; c < channels; c += panel, panels += kernelRows * kernelLength * panel) {
    const float* biases = bias ? bias + c : nullptr;
    if (vectors == 2)
      convolvePanel<2>(x, panels, biases, y + c, outHeight, outWidth, kernelRows, kernelLength, s, relu, Constant<2>{});
    else if (c + W <= channels)
      convolvePanel<1>(x, panels, biases, y + c, outHeight, outWidth, kernelRows, kernelLength, s, relu, Constant<1>{});
    else
      convolvePanel<1>(x, panels, biases, y + c, outHeight, outWidth, kernelRows, kernelLength, s, relu,
                       Rest{channels - c});
  }
}

static void copyIntoPadded(const float* x, float* padded, int height, int width, int channels, int paddedWidth, int top,
                           int left) {
  for (int h = 0; h < height; h++)
    copyFloats(padded + ((top + h) * ptrdiff_t{paddedWidth} + left) * channels, x + ptrdiff_t{h} * width * channels,
               size_t(width) * channels);
}

/** Floats of a packed filter of `rows` per written channel. */
INLINE size_t packedFloats(int rows, int channels) { return size_t(rows) * roundUp(channels, W); }

INLINE size_t convForwardFloats(const Window& g) {
  return packedFloats(g.kernelHeight * g.kernelWidth * g.inChannels, g.outChannels) + g.paddedImage();
}
EXPORT(convForwardScratch)
size_t convForwardScratch(const Window* g) { return Scratch::bytes(convForwardFloats(*g)); }

/** y = convolution(x, filter) + bias (if not null), with ReLU if asked. */
EXPORT(convForward)
bool convForward(const Window* window, const float* x, const float* filter, const float* bias, float* y, Arena& arena,
                 int relu) {
  const Window& g = *window;
  const int taps = g.kernelHeight * g.kernelWidth * g.inChannels, channels = g.outChannels;
  const int panel = panelVectors(channels) * W, width = g.paddedWidth();
  const ptrdiff_t xRow = ptrdiff_t{width} * g.inChannels;
  Scratch scratch(arena, convForwardFloats(g));
  if (!scratch) return false;
  float *panels = scratch.take(packedFloats(taps, channels)), *image = scratch.take(g.paddedImage());
  clearFloats(image, g.paddedImage());
  if (channels % W) clearFloats(panels, packedFloats(taps, channels));
  for (int c = 0; c < channels; c += panel)
    for (int tap = 0; tap < taps; tap++)
      copyFloats(panels + ptrdiff_t{c} * taps + tap * panel, filter + ptrdiff_t{tap} * channels + c,
                 least(panel, channels - c));
  const Strides strides{xRow, xRow * g.strideHeight, ptrdiff_t{g.inChannels} * g.strideWidth,
                        ptrdiff_t{g.outWidth} * channels, channels};
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
  size_t floats(const Window& g) const { return packedFloats(tapRows * tapColumns * g.outChannels, g.inChannels); }

  /** Packs its taps, turned by 180 degrees, in panels of input channels. */
  void pack(const Window& g, const float* filter, float* to) const {
    const int panel = panelVectors(g.inChannels) * W;
    for (int c = 0; c < g.inChannels; c += panel)
      for (int i = 0; i < tapRows; i++)
        for (int j = 0; j < tapColumns; j++) {
          const int tapRow = firstRow + (tapRows - 1 - i) * g.strideHeight;
          const int tapColumn = firstColumn + (tapColumns - 1 - j) * g.strideWidth;
          const float* tap =
              filter + (ptrdiff_t{tapRow * g.kernelWidth + tapColumn} * g.inChannels + c) * g.outChannels;
          for (int o = 0; o < g.outChannels; o++)
            for (int l = 0; l < panel; l++) *to++ = c + l < g.inChannels ? tap[ptrdiff_t{l} * g.outChannels + o] : 0;
        }
  }

  /** Writes its pixels of one image's dx, from a dy with a border all around. */
  void run(const Window& g, const float* image, int border, const float* panels, float* dx) const {
    const int ic = g.inChannels, oc = g.outChannels;
    const ptrdiff_t imageRow = ptrdiff_t{g.outWidth + 2 * border} * oc;
    const int fromRow = (row + g.padTop - firstRow) / g.strideHeight - (tapRows - 1) + border;
    const int fromColumn = (column + g.padLeft - firstColumn) / g.strideWidth - (tapColumns - 1) + border;
    const Strides strides{imageRow, imageRow, oc, ptrdiff_t{g.inWidth} * ic * g.strideHeight,
                          ptrdiff_t{ic} * g.strideWidth};
    convolveImage(image + fromRow * imageRow + fromColumn * oc, panels, nullptr,
                  dx + (ptrdiff_t{row} * g.inWidth + column) * ic,
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

/** Zero rows and columns around dy, enough for every tap of every phase. */
INLINE int borderOf(const Window& g) { return most(g.kernelHeight, g.kernelWidth); }
INLINE size_t borderedFloats(const Window& g) {
  return size_t(g.outHeight + 2 * borderOf(g)) * (g.outWidth + 2 * borderOf(g)) * g.outChannels;
}

INLINE size_t convGradInputFloats(const Window& g) {
  return packedFloats(g.kernelHeight * g.kernelWidth * g.outChannels, g.inChannels) + borderedFloats(g);
}
EXPORT(convGradInputScratch)
size_t convGradInputScratch(const Window* g) { return Scratch::bytes(convGradInputFloats(*g)); }

/**
 * The gradient by the input. With stride s, the input positions fall into s x s phases; each is a dense convolution of
 * dy with the taps that meet it, so nothing is multiplied by inserted zeros.
 */
EXPORT(convGradInput)
bool convGradInput(const Window* window, const float* dy, const float* filter, float* dx, Arena& arena) {
  const Window& g = *window;
  const int border = borderOf(g), width = g.outWidth + 2 * border;
  Scratch scratch(arena, convGradInputFloats(g));
  if (!scratch) return false;
  float* panels = scratch.take(packedFloats(g.kernelHeight * g.kernelWidth * g.outChannels, g.inChannels));
  float* image = scratch.take(borderedFloats(g));
  clearFloats(image, borderedFloats(g));
  byPhases(g, panels, [&](const Phase& phase, float* packed) { phase.pack(g, filter, packed); });
  for (int n = 0; n < g.batch; n++) {
    copyIntoPadded(dy + n * g.outImage(), image, g.outHeight, g.outWidth, g.outChannels, width, border, border);
    byPhases(g, panels, [&](const Phase& phase, const float* packed) {
      phase.run(g, image, border, packed, dx + n * g.inImage());
    });
  }
  return true;
}

INLINE size_t convGradFilterFloats(const Window& g) {
  const int taps = g.kernelHeight * g.kernelWidth * g.inChannels;
  const size_t widened = g.outChannels % W ? packedFloats(taps + g.outHeight * g.outWidth, g.outChannels) : 0;
  return g.paddedImage() + widened;
}
EXPORT(convGradFilterScratch)
size_t convGradFilterScratch(const Window* g) { return Scratch::bytes(convGradFilterFloats(*g)); }

/**
 * Adds, over rows x columns of pixels, the products of `length` neighboring floats of x and V vectors of dy to sums
 * [length, channels].
 */
template <int V>
static void addOuterProducts(const float* x, ptrdiff_t xRow, ptrdiff_t xPixel, const float* dy, ptrdiff_t channels,
                             float* sums, int length, int rows, int columns) {
  byRows<rowsOf(V)>(length, [&](int first, auto count) {
    constexpr int N = decltype(count)::value;
    float* to = sums + first * channels;
    vec s[N][V];
    for (int r = 0; r < N; r++)
      for (int v = 0; v < V; v++) s[r][v] = load(to + r * channels + v * W);
    for (int row = 0; row < rows; row++)
      multiply(s, x + first + row * xRow, Constant<1>{}, xPixel, dy + row * columns * channels, channels, columns);
    for (int r = 0; r < N; r++)
      for (int v = 0; v < V; v++) store(to + r * channels + v * W, s[r][v]);
  });
}

/** The gradient by the filter. Where the channels are no whole vectors, dy and the sums are widened to them. */
EXPORT(convGradFilter)
bool convGradFilter(const Window* window, const float* x, const float* dy, float* dFilter, Arena& arena) {
  const Window& g = *window;
  const int oc = roundUp(g.outChannels, W), length = g.kernelWidth * g.inChannels, width = g.paddedWidth();
  const int vectors = panelVectors(oc), panel = vectors * W, taps = g.kernelHeight * length;
  const int pixels = g.outHeight * g.outWidth;
  // About 64 pixels of x and dy stay in the first-level cache.
  const int tileRows = most(1, least(g.outHeight, 64 / g.outWidth));
  const bool widens = oc != g.outChannels;
  const ptrdiff_t xRow = ptrdiff_t{width} * g.inChannels, xPixel = ptrdiff_t{g.inChannels} * g.strideWidth;
  Scratch scratch(arena, convGradFilterFloats(g));
  if (!scratch) return false;
  float* image = scratch.take(g.paddedImage());
  float* sums = widens ? scratch.take(size_t(taps) * oc) : dFilter;
  float* wide = widens ? scratch.take(size_t(pixels) * oc) : nullptr;
  clearFloats(image, g.paddedImage());
  clearFloats(sums, size_t(taps) * oc);
  if (widens) clearFloats(wide, size_t(pixels) * oc);
  for (int n = 0; n < g.batch; n++, dy += g.outImage()) {
    copyIntoPadded(x + n * g.inImage(), image, g.inHeight, g.inWidth, g.inChannels, width, g.padTop, g.padLeft);
    if (widens)
      for (int p = 0; p < pixels; p++)
        copyFloats(wide + ptrdiff_t{p} * oc, dy + ptrdiff_t{p} * g.outChannels, g.outChannels);
    const float* gradients = widens ? wide : dy;
    for (int h = 0; h < g.outHeight; h += tileRows)
      for (int o = 0; o < oc; o += panel)
        for (int kh = 0; kh < g.kernelHeight; kh++) {
          const float* xs = image + (h * g.strideHeight + kh) * xRow;
          const float* d = gradients + ptrdiff_t{h} * g.outWidth * oc + o;
          float* to = sums + ptrdiff_t{kh} * length * oc + o;
          const int rows = least(tileRows, g.outHeight - h);
          if (vectors == 2)
            addOuterProducts<2>(xs, xRow * g.strideHeight, xPixel, d, oc, to, length, rows, g.outWidth);
          else
            addOuterProducts<1>(xs, xRow * g.strideHeight, xPixel, d, oc, to, length, rows, g.outWidth);
        }
  }
  if (widens)
    for (int tap = 0; tap < taps; tap++)
      copyFloats(dFilter + ptrdiff_t{tap} * g.outChannels, sums + ptrdiff_t{tap} * oc, g.outChannels);
  return true;
}

}  // namespace ISA
