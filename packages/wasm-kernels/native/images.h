// The input pipeline: pixels stay uint8 until a batch needs them.
#pragma once
#include "scratch.h"
#include "simd.h"

namespace ISA {

typedef uint8_t bytes __attribute__((vector_size(W), aligned(1), may_alias));

EXPORT(gatherImagesScratch)
size_t gatherImagesScratch(int channels) { return Scratch::bytes(2 * W * size_t(channels)); }

/**
 * y[b, i] = images[indices[b], i] * scale[c] + shift[c], with c = i mod channels; images of `size` bytes each. The
 * factors repeat every W pixels, that is every `channels` vectors.
 */
EXPORT(gatherImages)
void gatherImages(const uint8_t* images, const int32_t* indices, const float* scale, const float* shift, float* y,
                  Arena& arena, int batch, int size, int channels) {
  const int group = W * channels, whole = size - size % group;
  Scratch scratch(arena, 2 * size_t(group));
  float *scales = scratch.take(group), *shifts = scratch.take(group);
  for (int i = 0; i < group; i++) {
    scales[i] = scale[i % channels];
    shifts[i] = shift[i % channels];
  }
  for (int b = 0; b < batch; b++, y += size) {
    const uint8_t* image = images + size_t(indices[b]) * size;
    for (int i = 0; i < whole; i += group)
      for (int j = 0; j < group; j += W) {
        const vec pixels = __builtin_convertvector(*reinterpret_cast<const bytes*>(image + i + j), vec);
        store(y + i + j, madd(pixels, load(scales + j), load(shifts + j)));
      }
    for (int i = whole; i < size; i++) y[i] = image[i] * scale[i % channels] + shift[i % channels];
  }
}

template <int CHANNELS>
static void moveImage(const uint8_t* image, const int32_t* moves, uint8_t* to, int height, int width, int channels) {
  const int each = CHANNELS ? CHANNELS : channels;
  const int32_t *rows = moves, *columns = rows + height, *rowHoles = columns + width, *columnHoles = rowHoles + height;
  for (int y = 0; y < height; y++) {
    const uint8_t* row = image + size_t(rows[y] < 0 ? 0 : rows[y]) * width * each;
    for (int x = 0; x < width; x++, to += each) {
      const bool black = (rows[y] | columns[x]) < 0 || (rowHoles[y] & columnHoles[x]);
      const uint8_t* from = row + (columns[x] < 0 ? 0 : columns[x]) * each;
      for (int c = 0; c < each; c++) to[c] = black ? 0 : from[c];
    }
  }
}

/**
 * to[b] = images[indices[b]] with its pixels moved, uint8 [batch, height, width, channels]. For each image, `moves`
 * holds 2 * (height + width) values: the source of every row and of every column (negative: black), then for both the
 * bits of the holes in them; a pixel is black where its row and its column have a bit in common.
 */
EXPORT(moveImages)
void moveImages(const uint8_t* images, const int32_t* indices, const int32_t* moves, uint8_t* to, int batch, int height,
                int width, int channels) {
  const size_t size = size_t(height) * width * channels;
  for (int b = 0; b < batch; b++, to += size, moves += 2 * (height + width))
    (channels == 3 ? moveImage<3> : moveImage<0>)(images + indices[b] * size, moves, to, height, width, channels);
}

}  // namespace ISA
