// Between images and the 36 planes of Winograd's F(4x4, 3x3): plane (i, j) has row i, column j of every transformed
// tile, [tiles, channels]; those of filters are packed in panels, [outChannels / panel][inChannels][panel].
#pragma once
#include "geometry.h"
#include "tiles.h"
#include "winograd-transforms.h"

namespace ISA {

/** Floats between planes beyond their own: planes a power of two apart would evict each other. */
constexpr int PLANE_SKEW = 16;

INLINE ptrdiff_t planeFloats(int rows, int channels) { return ptrdiff_t{rows} * channels + PLANE_SKEW; }

/** A filter's planes; `isTurned`: those of the gradient by the input, from a filter [3, 3, outChannels, inChannels]. */
static void transformFilters(const float* filter, float* planes, ptrdiff_t plane, int inChannels, int outChannels,
                             bool isTurned) {
  const int panel = panelVectors(outChannels) * W;
  for (int ic = 0; ic < inChannels; ic++)
    for (int oc = 0; oc < outChannels; oc += W) {
      vec t[6][3], u[6];
      for (int j = 0; j < 3; j++) {
        vec g[3] = {};
        for (int i = 0; i < 3; i++) {
          const int tap = i * 3 + j;
          if (isTurned)
            for (int l = 0; l < W; l++) g[i][l] = filter[((8 - tap) * outChannels + oc + l) * inChannels + ic];
          else
            g[i] = load(filter + (tap * inChannels + ic) * outChannels + oc);
        }
        filterTransform(g, u);
        for (int i = 0; i < 6; i++) t[i][j] = u[i];
      }
      float* at = planes + (oc / panel) * inChannels * panel + ic * panel + oc % panel;
      for (int i = 0; i < 6; i++) {
        filterTransform(t[i], u);
        for (int j = 0; j < 6; j++) store(at + (i * 6 + j) * plane, u[j]);
      }
    }
}

/** The filter's gradient [3, 3, inChannels, outChannels] from the planes of its sums, rows before columns. */
static void transformFilterGradients(const float* sums, ptrdiff_t plane, float* dFilter, int inChannels,
                                     int outChannels) {
  const int panel = panelVectors(outChannels) * W;
  for (int ic = 0; ic < inChannels; ic++)
    for (int oc = 0; oc < outChannels; oc += W) {
      const float* at = sums + (oc / panel) * inChannels * panel + ic * panel + oc % panel;
      vec t[6][3], o[3];
      for (int i = 0; i < 6; i++) {
        vec u[6];
        for (int j = 0; j < 6; j++) u[j] = load(at + (i * 6 + j) * plane);
        filterGradientTransform(u, o);
        for (int j = 0; j < 3; j++) t[i][j] = o[j];
      }
      for (int j = 0; j < 3; j++) {
        const vec u[6] = {t[0][j], t[1][j], t[2][j], t[3][j], t[4][j], t[5][j]};
        filterGradientTransform(u, o);
        for (int i = 0; i < 3; i++) store(dFilter + ((i * 3 + j) * inChannels + ic) * outChannels + oc, o[i]);
      }
    }
}

/** Calls f(tiles, line, tileColumn) for each line's share of the tiles `first` to `first + count`. */
template <class F>
INLINE void byLines(const Window& g, int first, int count, F f) {
  const int tileColumns = g.inWidth / 4;
  for (int tileColumn = first % tileColumns, line = first / tileColumns; count > 0; line++, tileColumn = 0) {
    const int tiles = least(count, tileColumns - tileColumn);
    f(tiles, line, tileColumn);
    count -= tiles;
  }
}

/** The planes of input tiles; `columns` has room for the six vectors of every pixel of a line, `zeros` for one. */
static void transformInputs(const Window& g, const float* x, int channels, int first, int count, float* planes,
                            ptrdiff_t plane, vec* columns, const float* zeros) {
  const int tileRows = g.inHeight / 4, tileColumns = g.inWidth / 4;
  const ptrdiff_t row = ptrdiff_t{g.inWidth} * channels;
  byLines(g, first, count, [&](int tiles, int line, int tileColumn) {
    const int tileRow = line % tileRows;
    const int left = tileColumn ? -1 : 0, right = 4 * tiles + (tileColumn + tiles == tileColumns ? 0 : 1);
    const float* start = x + line * 4 * row + tileColumn * 4 * channels;
    for (int c = 0; c < channels; c += W) {
      if (left == 0)
        for (int i = 0; i < 6; i++) columns[i] = vec{};
      if (right == 4 * tiles)
        for (int i = 0; i < 6; i++) columns[(4 * tiles + 1) * 6 + i] = vec{};
      for (int p = left; p < right; p++) {
        const float* at = start + p * channels + c;
        const float* above = tileRow ? at - row : zeros;
        const float* below = tileRow == tileRows - 1 ? zeros : at + 4 * row;
        const vec d[6] = {load(above), load(at), load(at + row), load(at + 2 * row), load(at + 3 * row), load(below)};
        vec o[6];
        inputTransform(d, o);
        for (int i = 0; i < 6; i++) columns[(p + 1) * 6 + i] = o[i];
      }
      for (int t = 0; t < tiles; t++)
        for (int i = 0; i < 6; i++) {
          const vec* from = columns + t * 24 + i;
          const vec d[6] = {from[0], from[6], from[12], from[18], from[24], from[30]};
          vec o[6];
          inputTransform(d, o);
          float* to = planes + i * 6 * plane + t * channels + c;
          for (int j = 0; j < 6; j++) store(to + j * plane, o[j]);
        }
    }
    planes += tiles * channels;
  });
}

/** The outputs from their planes: plus `onto` if `adds`, otherwise plus a bias and through a ReLU if asked. */
template <bool adds>
static void transformOutputs(const Window& g, const float* planes, ptrdiff_t plane, float* y, const float* bias,
                             const float* onto, int channels, int first, int count, bool relu) {
  const ptrdiff_t row = ptrdiff_t{g.inWidth} * channels;
  const vec floor = floorOf(relu);
  byLines(g, first, count, [&](int tiles, int line, int tileColumn) {
    for (int t = 0; t < tiles; t++) {
      const ptrdiff_t corner = line * 4 * row + (tileColumn + t) * 4 * channels;
      for (int c = 0; c < channels; c += W) {
        vec columns[4][6];
        for (int j = 0; j < 6; j++) {
          vec m[6], o[4];
          for (int i = 0; i < 6; i++) m[i] = load(planes + (i * 6 + j) * plane + t * channels + c);
          outputTransform(m, o);
          for (int i = 0; i < 4; i++) columns[i][j] = o[i];
          settle(columns[0]);
        }
        const vec b = bias ? load(bias + c) : vec{};
        for (int i = 0; i < 4; i++) {
          vec o[4];
          outputTransform(columns[i], o);
          for (int j = 0; j < 4; j++) {
            const ptrdiff_t at = corner + i * row + j * channels + c;
            store(y + at, adds ? o[j] + load(onto + at) : clampBelow(o[j] + b, floor));
          }
        }
      }
    }
    planes += tiles * channels;
  });
}

/** The planes of the gradients of output tiles. */
static void transformGradients(const Window& g, const float* dy, int channels, int first, int count, float* planes,
                               ptrdiff_t plane) {
  const ptrdiff_t row = ptrdiff_t{g.inWidth} * channels;
  byLines(g, first, count, [&](int tiles, int line, int tileColumn) {
    for (int t = 0; t < tiles; t++) {
      const float* corner = dy + line * 4 * row + (tileColumn + t) * 4 * channels;
      for (int c = 0; c < channels; c += W) {
        vec columns[6][4];
        for (int j = 0; j < 4; j++) {
          vec d[4], o[6];
          for (int i = 0; i < 4; i++) d[i] = load(corner + i * row + j * channels + c);
          gradientTransform(d, o);
          for (int i = 0; i < 6; i++) columns[i][j] = o[i];
          settle(columns[0]);
        }
        for (int i = 0; i < 6; i++) {
          vec o[6];
          gradientTransform(columns[i], o);
          for (int j = 0; j < 6; j++) store(planes + (i * 6 + j) * plane + t * channels + c, o[j]);
        }
      }
    }
    planes += tiles * channels;
  });
}

}  // namespace ISA
