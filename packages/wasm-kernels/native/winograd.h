// 3x3 convolutions with stride 1 and padding 1 by Winograd's F(4x4, 3x3): 36 small matrix products
// instead of 144 multiplications per 4x4 output tile and channel pair, for channels divisible by W. Lavin, Gray: Fast
// Algorithms for Convolutional Neural Networks, arXiv 1509.09308.
#pragma once
#include "scratch.h"
#include "winograd-planes.h"

namespace ISA {

/** Tiles of one block: few enough for the caches ... */
constexpr int FORWARD_TILES = 16;
/** ... and enough to make loading and storing the sums of the filter gradient cheap. Part of the result's bits. */
constexpr int FILTER_TILES = 64;

INLINE int tilesOf(const Window& g) { return g.batch * (g.inHeight / 4) * (g.inWidth / 4); }
INLINE bool winogradSuits(const Window& g) { return g.inChannels % W == 0 && g.outChannels % W == 0; }
INLINE int widest(const Window& g) { return most(g.inChannels, g.outChannels); }

/** The geometry of the input's gradient: a convolution the other way. */
INLINE Window turn(Window g) {
  const int in = g.inChannels;
  g.inChannels = g.outChannels;
  g.outChannels = in;
  return g;
}

/** The working memory of one call; it serves both directions of a geometry. */
struct Workspace {
  /** Transformed filters, and sums of transformed filter gradients. */
  float *filters, *sums;
  /** Transformed inputs, and transformed outputs or their gradients. */
  float *planes, *outPlanes;
  float* zeros;
  vec* columns;
  ptrdiff_t filterPlane;

  Workspace(Scratch& scratch, const Window& g)
      : filters(scratch.take(36 * planeFloats(g.inChannels, g.outChannels))),
        sums(scratch.take(36 * planeFloats(g.inChannels, g.outChannels))),
        planes(scratch.take(36 * planeFloats(FILTER_TILES, widest(g)))),
        outPlanes(scratch.take(36 * planeFloats(FILTER_TILES, widest(g)))),
        zeros(scratch.take(W)),
        columns(reinterpret_cast<vec*>(scratch.take(columnFloats(g)))),
        filterPlane(planeFloats(g.inChannels, g.outChannels)) {
    clearFloats(zeros, W);
  }

  static size_t columnFloats(const Window& g) { return size_t(g.inWidth + 2) * 6 * W; }
  /** What it takes of the scratch. */
  static size_t floats(const Window& g) {
    return 72 * planeFloats(g.inChannels, g.outChannels) + 72 * planeFloats(FILTER_TILES, widest(g)) + W +
           columnFloats(g);
  }
};

/** The outputs of tiles `first` to `first + count` from filters that are already transformed. */
static void convolveTiles(const Window& g, const Workspace& w, const float* x, const float* bias, const float* onto,
                          float* y, int first, int count, bool relu) {
  const int ic = g.inChannels, oc = g.outChannels, vectors = panelVectors(oc), panel = vectors * W;
  const ptrdiff_t inPlane = planeFloats(FORWARD_TILES, ic), outPlane = planeFloats(FORWARD_TILES, oc);
  for (const int end = first + count; first < end; first += FORWARD_TILES) {
    const int tiles = least(FORWARD_TILES, end - first);
    transformInputs(g, x, ic, first, tiles, w.planes, inPlane, w.columns, w.zeros);
    for (int k = 0; k < 36; k++)
      for (int o = 0; o < oc; o += panel)
        productOf(vectors, w.planes + k * inPlane, ic, 1, w.filters + k * w.filterPlane + o * ic, panel,
                  w.outPlanes + k * outPlane + o, oc, tiles, ic, NEVER);
    if (onto)
      transformOutputs<true>(g, w.outPlanes, outPlane, y, nullptr, onto, oc, first, tiles, false);
    else
      transformOutputs<false>(g, w.outPlanes, outPlane, y, bias, nullptr, oc, first, tiles, relu);
  }
}

/** Adds the filter gradients of `tiles` tiles to the sums. */
static void sumFilterGradients(const Window& g, const Workspace& w, const float* x, const float* dy, int tiles) {
  const int ic = g.inChannels, oc = g.outChannels, vectors = panelVectors(oc), panel = vectors * W;
  const ptrdiff_t inPlane = planeFloats(FILTER_TILES, ic), outPlane = planeFloats(FILTER_TILES, oc);
  for (int first = 0; first < tiles; first += FILTER_TILES) {
    const int count = least(FILTER_TILES, tiles - first);
    transformInputs(g, x, ic, first, count, w.planes, inPlane, w.columns, w.zeros);
    transformGradients(g, dy, oc, first, count, w.outPlanes, outPlane);
    for (int k = 0; k < 36; k++)
      for (int o = 0; o < oc; o += panel)
        productOf(vectors, w.planes + k * inPlane, Constant<1>{}, ic, w.outPlanes + k * outPlane + o, oc,
                  w.sums + k * w.filterPlane + o * ic, panel, ic, count, BEFORE);
  }
}

/** With fewer tiles, the transforms of the filter cost more than the direct algorithm. */
constexpr int LEAST_TILES = 6;

/** Which convolutions take this algorithm: part of the result's bits, so the same at every width. */
EXPORT(winogradSupports)
bool winogradSupports(const Window* window) {
  const Window& g = *window;
  return g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1 && g.padTop == 1 &&
         g.padLeft == 1 && g.outHeight == g.inHeight && g.outWidth == g.inWidth && g.inHeight % 4 == 0 &&
         g.inWidth % 4 == 0 && tilesOf(g) >= LEAST_TILES && g.inChannels >= 8 && g.inChannels % 4 == 0 &&
         g.outChannels % 8 == 0;
}

EXPORT(winogradScratch)
size_t winogradScratch(const Window* g) { return Scratch::bytes(Workspace::floats(*g)); }

EXPORT(winogradForward)
bool winogradForward(const Window* g, const float* x, const float* filter, const float* bias, float* y, Arena& arena,
                     int relu) {
  Scratch scratch(arena, Workspace::floats(*g));
  if (!scratch) return false;
  Workspace w(scratch, *g);
  transformFilters(filter, w.filters, w.filterPlane, g->inChannels, g->outChannels, false);
  convolveTiles(*g, w, x, bias, nullptr, y, 0, tilesOf(*g), relu);
  return true;
}

/** dx (+ onto); g is the geometry of this convolution of dy. */
EXPORT(winogradGradInput)
bool winogradGradInput(const Window* g, const float* dy, const float* filter, const float* onto, float* dx,
                       Arena& arena) {
  Scratch scratch(arena, Workspace::floats(*g));
  if (!scratch) return false;
  Workspace w(scratch, *g);
  transformFilters(filter, w.filters, w.filterPlane, g->inChannels, g->outChannels, true);
  convolveTiles(*g, w, dy, nullptr, onto, dx, 0, tilesOf(*g), false);
  return true;
}

EXPORT(winogradGradFilter)
bool winogradGradFilter(const Window* g, const float* x, const float* dy, float* dFilter, Arena& arena) {
  Scratch scratch(arena, Workspace::floats(*g));
  if (!scratch) return false;
  Workspace w(scratch, *g);
  clearFloats(w.sums, 36 * w.filterPlane);
  sumFilterGradients(*g, w, x, dy, tilesOf(*g));
  transformFilterGradients(w.sums, w.filterPlane, dFilter, g->inChannels, g->outChannels);
  return true;
}

}  // namespace ISA
