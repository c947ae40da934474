// A Winograd convolution and its batch norm in one kernel: a block's outputs are summed,
// and its gradients made and used, while they are in the cache.
#pragma once
#include "batch-norm.h"
#include "winograd.h"

namespace ISA {

EXPORT(winogradNormSupports)
bool winogradNormSupports(const Window* g) { return winogradSupports(g) && g->inChannels % 8 == 0; }

/** Images whose tiles fill a block of the filter's gradient. */
INLINE int imagesAtOnce(const Window& g) {
  const int tiles = (g.inHeight / 4) * (g.inWidth / 4);
  return (FILTER_TILES + tiles - 1) / tiles;
}

/** What the backward pass takes of the scratch; the forward pass takes less. */
INLINE size_t normFloats(const Window& g) {
  return Workspace::floats(g) + 2 * Sums::floats(g.outChannels) + 3 * g.outChannels + imagesAtOnce(g) * g.outImage();
}

EXPORT(winogradNormScratch)
size_t winogradNormScratch(const Window* g) { return Scratch::bytes(normFloats(*g)); }

EXPORT(winogradNormForward)
bool winogradNormForward(const Window* g, const float* x, const float* filter, const float* bias, float* z,
                         const float* gamma, const float* beta, const float* residual, float* y, float* statistics,
                         Arena& arena, double epsilon, int convolutionRelu, int relu) {
  const int channels = g->outChannels, tiles = tilesOf(*g), tileColumns = g->inWidth / 4, rowsPerLine = 4 * g->inWidth;
  Scratch scratch(arena, Workspace::floats(*g) + Sums::floats(channels));
  if (!scratch) return false;
  Workspace w(scratch, *g);
  Sums sums(scratch, channels);
  transformFilters(filter, w.filters, w.filterPlane, g->inChannels, channels, false);
  int summed = 0;  // lines of tiles
  for (int first = 0; first < tiles; first += FORWARD_TILES) {
    const int end = least(first + FORWARD_TILES, tiles), lines = end / tileColumns - summed;
    convolveTiles(*g, w, x, bias, nullptr, z, first, end - first, convolutionRelu);
    addMoments(z + ptrdiff_t{summed} * rowsPerLine * channels, lines * rowsPerLine, channels, z, sums);
    summed += lines;
  }
  finishMoments(z, gamma, beta, statistics, sums, summed * rowsPerLine, channels, epsilon);
  normalize(z, statistics, residual, y, summed * rowsPerLine, channels, relu);
  return true;
}

EXPORT(winogradNormBackward)
bool winogradNormBackward(const Window* g, const float* x, const float* filter, const float* z, const float* dy,
                          const float* y, const float* gamma, const float* statistics, const float* onto, float* dx,
                          float* dFilter, float* dBias, float* dGamma, float* dBeta, float* gated, Arena& arena,
                          int convolutionRelu, int relu) {
  const int channels = g->outChannels, pixels = g->inHeight * g->inWidth, tilesPerImage = pixels / 16;
  const int imagesPerBlock = imagesAtOnce(*g);
  const Window turned = turn(*g);
  Scratch scratch(arena, normFloats(*g));
  if (!scratch) return false;
  Workspace w(scratch, *g);
  Sums sums(scratch, channels), biasSums(scratch, channels);
  float *coefficients = scratch.take(3 * channels), *dz = scratch.take(imagesPerBlock * g->outImage());
  normGradients(z, dy, y, gamma, statistics, dGamma, dBeta, gated, sums, coefficients, g->batch * pixels, channels,
                relu);
  clearFloats(w.sums, 36 * w.filterPlane);
  if (dx) transformFilters(filter, w.filters, w.filterPlane, channels, g->inChannels, true);
  const float* from = gated ? gated : dy;
  for (int n = 0; n < g->batch; n += imagesPerBlock) {
    const int images = least(imagesPerBlock, g->batch - n), rows = images * pixels;
    const ptrdiff_t in = n * g->inImage(), out = n * g->outImage();
    normGradInput(z + out, from + out, statistics, coefficients, dz, rows, channels, relu && !gated, convolutionRelu);
    if (dBias) addSums(dz, biasSums.first, rows, channels);
    sumFilterGradients(*g, w, x + in, dz, images * tilesPerImage);
    if (dx)
      convolveTiles(turned, w, dz, nullptr, onto ? onto + in : nullptr, dx + in, 0, images * tilesPerImage, false);
  }
  transformFilterGradients(w.sums, w.filterPlane, dFilter, g->inChannels, channels);
  if (dBias)
    for (int c = 0; c < channels; c++) dBias[c] = float(biasSums.first[c]);
  return true;
}

}  // namespace ISA
