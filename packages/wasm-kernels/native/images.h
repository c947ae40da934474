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

}  // namespace ISA
