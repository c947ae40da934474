// Dropout with a counter-based generator: only hash(i, key) decides element i. The mask is therefore the same on every
// engine, and needs neither state nor memory between forward and backward.
#pragma once
#include "scratch.h"
#include "simd.h"

namespace ISA {

typedef uint32_t counters __attribute__((vector_size(4 * W)));

/** MurmurHash3's finalizer (A. Appleby) over i * 2^32 / phi + key. */
INLINE counters hash(counters i, uint32_t key) {
  counters h = i * 0x9e3779b1u + key;
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  return h ^ h >> 16;
}

/** The factors of neighboring counters: scale where hash >= threshold, else 0. */
INLINE vec factors(uint32_t first, uint32_t key, uint32_t threshold, float scale) {
  counters i;
  for (int lane = 0; lane < W; lane++) i[lane] = first + lane;
  return (vec)((mask)splat(scale) & (mask)(hash(i, key) >= threshold));
}

/** y[i] = x[i] * factor(i). */
EXPORT(dropoutElements)
void dropoutElements(const float* x, float* y, int n, uint32_t key, uint32_t threshold, float scale) {
  byVectors(n, [&](int i, auto lanes) { store(y + i, load(x + i, lanes) * factors(i, key, threshold, scale), lanes); });
}

EXPORT(dropoutChannelsScratch)
size_t dropoutChannelsScratch(int channels) { return Scratch::bytes(roundUp(channels, W)); }

/** y[n, p, c] = x[n, p, c] * factor(n * channels + c): whole channels of a sample are dropped. */
EXPORT(dropoutChannels)
void dropoutChannels(const float* x, float* y, Arena& arena, int batch, int pixels, int channels, uint32_t key,
                     uint32_t threshold, float scale) {
  Scratch scratch(arena, roundUp(channels, W));
  float* factor = scratch.take(roundUp(channels, W));
  for (int n = 0; n < batch; n++) {
    for (int c = 0; c < channels; c += W) store(factor + c, factors(n * channels + c, key, threshold, scale));
    for (int p = 0; p < pixels; p++, x += channels, y += channels)
      byVectors(channels, [&](int c, auto lanes) { store(y + c, load(x + c, lanes) * load(factor + c), lanes); });
  }
}

}  // namespace ISA
