// TensorFlow.js's heap, as kernels see it that read addresses from a table in it.
#pragma once
#include <stddef.h>
#include <stdint.h>

/** Where byte offsets count from: null in WebAssembly, whose memory is the heap. */
struct Heap {
  char* start;

  float* floatsAt(size_t offset) const { return reinterpret_cast<float*>(start + offset); }
};
