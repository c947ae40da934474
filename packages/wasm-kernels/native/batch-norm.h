// Training-mode batch norm for channels divisible by W, in the order of sums of assembly/batch-norm.ts.
#pragma once
#include "scratch.h"
#include "simd.h"

namespace ISA {

/** Rows of the tensor of statistics [5, channels]. */
enum { MEAN, VARIANCE, INVERSE, SCALE, SHIFT };

/** Two float64 sums per channel. */
struct Sums {
  double *first, *second;

  Sums(Scratch& scratch, int channels) : first(scratch.takeDoubles(channels)), second(scratch.takeDoubles(channels)) {
    clearFloats(reinterpret_cast<float*>(first), 2 * channels);
    clearFloats(reinterpret_cast<float*>(second), 2 * channels);
  }
  /** What it takes of the scratch. */
  static size_t floats(int channels) { return 4 * size_t(channels); }
};

INLINE int rowsPerBlock(int channels) { return most(16, least(256, 2048 / channels)); }

/** Calls f(offset, rows, c) for blocks of rows that stay in the first-level cache, one vector of channels at a time. */
template <class F>
INLINE void byColumns(int rows, int channels, F f) {
  const int block = rowsPerBlock(channels);
  for (int first = 0; first < rows; first += block)
    for (int c = 0; c < channels; c += W) f(int64_t{first} * channels + c, least(block, rows - first), c);
}

/** Adds the sums of x - pivot and of its square. */
static void addMoments(const float* x, int rows, int channels, const float* pivots, Sums& sums) {
  byColumns(rows, channels, [&](int64_t at, int count, int c) {
    const vec pivot = load(pivots + c);
    vec s[2] = {}, q[2] = {};
    for (int r = 0; r < count; r++) {
      const vec a = load(x + at + int64_t{r} * channels) - pivot;
      s[r & 1] += a;
      q[r & 1] = madd(a, a, q[r & 1]);
    }
    addToDoubles(sums.first + c, s[0] + s[1]);
    addToDoubles(sums.second + c, q[0] + q[1]);
  });
}

/** Turns the sums of `rows` values per channel into `statistics`. */
static void finishMoments(const float* pivots, const float* gamma, const float* beta, float* statistics,
                          const Sums& sums, int rows, int channels, double epsilon) {
  for (int c = 0; c < channels; c++) {
    const double offset = sums.first[c] / rows, variance = most(0.0, sums.second[c] / rows - offset * offset);
    const double mean = pivots[c] + offset, inverse = 1 / __builtin_sqrt(variance + epsilon);
    const double factor = gamma[c] * inverse;
    statistics[MEAN * channels + c] = float(mean);
    statistics[VARIANCE * channels + c] = float(variance);
    statistics[INVERSE * channels + c] = float(inverse);
    statistics[SCALE * channels + c] = float(factor);
    statistics[SHIFT * channels + c] = float(beta[c] - mean * factor);
  }
}

/** y = x * scale + shift (+ residual), with ReLU if asked. */
static void normalize(const float* x, const float* statistics, const float* residual, float* y, int rows, int channels,
                      bool relu) {
  const vec floor = floorOf(relu);
  byColumns(rows, channels, [&](int64_t at, int count, int c) {
    const vec scale = load(statistics + SCALE * channels + c), shift = load(statistics + SHIFT * channels + c);
    for (int r = 0; r < count; r++, at += channels) {
      vec v = madd(load(x + at), scale, shift);
      if (residual) v += load(residual + at);
      store(y + at, clampBelow(v, floor));
    }
  });
}

/** The gradients by gamma and beta; a, b, d of dx = a dy + b x + d into coefficients [3, channels]. */
static void normGradients(const float* x, const float* dy, const float* y, const float* gamma, const float* statistics,
                          float* dGamma, float* dBeta, float* gated, Sums& sums, float* coefficients, int rows,
                          int channels, bool relu) {
  byColumns(rows, channels, [&](int64_t at, int count, int c) {
    const vec mean = load(statistics + MEAN * channels + c);
    const vec scale = load(statistics + SCALE * channels + c), shift = load(statistics + SHIFT * channels + c);
    vec s = {}, p = {};
    for (int r = 0; r < count; r++, at += channels) {
      const vec v = load(x + at);
      vec d = load(dy + at);
      if (relu || gated) d = openGradient(d, gated ? load(y + at) : madd(v, scale, shift));
      if (gated) store(gated + at, d);
      s += d;
      p = madd(d, v - mean, p);
    }
    addToDoubles(sums.first + c, s);
    addToDoubles(sums.second + c, p);
  });
  for (int c = 0; c < channels; c++) {
    const double mean = statistics[MEAN * channels + c], inverse = statistics[INVERSE * channels + c];
    const double sum = sums.first[c], product = sums.second[c];
    const double scale = gamma[c] * inverse, slope = -scale * product * inverse * inverse / rows;
    dGamma[c] = float(product * inverse);
    dBeta[c] = float(sum);
    coefficients[c] = float(scale);
    coefficients[channels + c] = float(slope);
    coefficients[2 * channels + c] = float(-scale * sum / rows - slope * mean);
  }
}

/** dx from the coefficients; `gate`: through the ReLU of the output, `inputRelu`: through one that made x. */
static void normGradInput(const float* x, const float* dy, const float* statistics, const float* coefficients,
                          float* dx, int rows, int channels, bool gate, bool inputRelu) {
  byColumns(rows, channels, [&](int64_t at, int count, int c) {
    const vec a = load(coefficients + c), b = load(coefficients + channels + c);
    const vec d = load(coefficients + 2 * channels + c);
    const vec scale = load(statistics + SCALE * channels + c), shift = load(statistics + SHIFT * channels + c);
    for (int r = 0; r < count; r++, at += channels) {
      const vec v = load(x + at);
      vec gradient = load(dy + at);
      if (gate) gradient = openGradient(gradient, madd(v, scale, shift));
      gradient = madd(gradient, a, madd(v, b, d));
      store(dx + at, inputRelu ? openGradient(gradient, v) : gradient);
    }
  });
}

/** Adds the sum of x [rows, channels] per channel. */
static void addSums(const float* x, double* sums, int rows, int channels) {
  constexpr int BLOCK = 256;
  for (int first = 0; first < rows; first += BLOCK)
    for (int c = 0; c < channels; c += W) {
      vec s[2] = {};
      for (int r = first; r < least(first + BLOCK, rows); r++) s[r & 1] += load(x + int64_t{r} * channels + c);
      addToDoubles(sums + c, s[0] + s[1]);
    }
}

static bool batchNormForward(const float* x, const float* gamma, const float* beta, const float* residual, float* y,
                             float* statistics, Arena& arena, int rows, int channels, double epsilon, int relu) {
  Scratch scratch(arena, Sums::floats(channels));
  if (!scratch) return false;
  Sums sums(scratch, channels);
  addMoments(x, rows, channels, x, sums);
  finishMoments(x, gamma, beta, statistics, sums, rows, channels, epsilon);
  normalize(x, statistics, residual, y, rows, channels, relu);
  return true;
}

static bool batchNormBackward(const float* x, const float* dy, const float* y, const float* gamma,
                              const float* statistics, float* dx, float* dGamma, float* dBeta, float* gated,
                              Arena& arena, int rows, int channels, int relu, int inputRelu) {
  Scratch scratch(arena, Sums::floats(channels) + 3 * channels);
  if (!scratch) return false;
  Sums sums(scratch, channels);
  float* coefficients = scratch.take(3 * channels);
  normGradients(x, dy, y, gamma, statistics, dGamma, dBeta, gated, sums, coefficients, rows, channels, relu);
  normGradInput(x, gated ? gated : dy, statistics, coefficients, dx, rows, channels, relu && !gated, inputRelu);
  return true;
}

}  // namespace ISA
