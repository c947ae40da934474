// Working memory of the kernels.
#pragma once
#include <stddef.h>
#include <stdint.h>

constexpr size_t CACHE_LINE = 64;

#ifdef __wasm__
/** The working memory that a kernel's caller passes it, of the size that the kernel's …Scratch function asks for. */
struct Arena {
  bool reserve(size_t) { return true; }
  char* start() { return reinterpret_cast<char*>(this); }
};
#else
/** The block that all kernels of one environment (a thread's JavaScript world) share. It only ever grows. */
struct Arena {
  char* block = nullptr;
  size_t bytes = 0;

  /** Makes the block at least so large; its contents are lost. False if there is no memory. */
  bool reserve(size_t wanted);
  void release();
  char* start() { return block; }
};
#endif

/** What one call takes of it, piece by piece, on cache lines. */
class Scratch {
 public:
  /** `floats` in all, in at most 16 pieces. */
  Scratch(Arena& arena, size_t floats) : enough_(arena.reserve(bytes(floats))), next_(align(arena.start())) {}

  /** What `floats` floats in at most 16 pieces take. */
  static constexpr size_t bytes(size_t floats) { return 4 * floats + 17 * CACHE_LINE; }

  /** False if there is no memory: the call then does nothing and WebAssembly's kernel runs. */
  explicit operator bool() const { return enough_; }

  float* take(size_t floats) {
    char* at = next_;
    next_ = align(at + 4 * floats);
    return reinterpret_cast<float*>(at);
  }
  double* takeDoubles(size_t count) { return reinterpret_cast<double*>(take(2 * count)); }

 private:
  static char* align(char* at) {
    return reinterpret_cast<char*>((reinterpret_cast<uintptr_t>(at) + CACHE_LINE - 1) & ~uintptr_t{CACHE_LINE - 1});
  }

  bool enough_;
  char* next_;
};
