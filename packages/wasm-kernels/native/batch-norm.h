// Batch norm over all axes but the last, on [rows, channels]. Sums run in float32 over a block of rows, then in
// float64; their order is part of the result's bits.
#pragma once
#include "scratch.h"
#include "simd.h"

namespace ISA {

/** Rows of the tensor of statistics [5, channels]. */
enum { MEAN, VARIANCE, INVERSE, SCALE, SHIFT };

/** Two float64 sums per channel. */
struct Sums {
  double *first, *second;

  Sums(Scratch& scratch, int channels)
      : first(scratch.takeDoubles(roundUp(channels, W))), second(scratch.takeDoubles(roundUp(channels, W))) {
    clearFloats(reinterpret_cast<float*>(first), 2 * roundUp(channels, W));
    clearFloats(reinterpret_cast<float*>(second), 2 * roundUp(channels, W));
  }
  /** What it takes of the scratch. */
  static size_t floats(int channels) { return 4 * size_t(roundUp(channels, W)); }
};

INLINE int rowsPerBlock(int channels) { return most(16, least(256, 2048 / channels)); }

/**
 * Calls f(offset, rows, c, vectors) for blocks of rows that stay in the first-level cache, one or two vectors of
 * channels at a time: the sums of two do not wait for each other. `vectors` is a Constant, or a Rest.
 */
template <class F>
INLINE void byColumns(int rows, int channels, int block, F f) {
  for (int first = 0; first < rows; first += block) {
    const ptrdiff_t at = ptrdiff_t{first} * channels;
    const int count = least(block, rows - first);
    int c = 0;
    for (; c + 2 * W <= channels; c += 2 * W) f(at + c, count, c, Constant<2>{});
    if (c + W <= channels) f(at + c, count, c, Constant<1>{}), c += W;
    if (c < channels) f(at + c, count, c, Rest{channels - c});
  }
}

/** V neighboring vectors. */
template <int V>
struct Vectors {
  vec v[V];

  template <class Lanes>
  Vectors(const float* p, Lanes lanes) {
    for (int i = 0; i < V; i++) v[i] = load(p + i * W, lanes);
  }
  Vectors() : v{} {}
  vec& operator[](int i) { return v[i]; }
};

/** Adds the sums of x - pivot and of its square, of even and odd rows apart. */
static void addMoments(const float* x, int rows, int channels, const float* pivots, Sums& sums) {
  byColumns(rows, channels, rowsPerBlock(channels), [&](ptrdiff_t at, int count, int c, auto vectors) {
    constexpr int V = decltype(vectors)::value;
    Vectors<V> pivot(pivots + c, vectors), sum, square, oddSum, oddSquare;
    const auto add = [&](const float* row, Vectors<V>& s, Vectors<V>& q) __attribute__((always_inline)) {
      for (int v = 0; v < V; v++) {
        const vec a = load(row + v * W, vectors) - pivot[v];
        s[v] += a;
        q[v] = madd(a, a, q[v]);
      }
    };
    const float* row = x + at;
    for (; count >= 2; count -= 2, row += 2 * channels) {
      add(row, sum, square);
      add(row + channels, oddSum, oddSquare);
    }
    if (count) add(row, sum, square);
    for (int v = 0; v < V; v++) {
      addToDoubles(sums.first + c + v * W, sum[v] + oddSum[v]);
      addToDoubles(sums.second + c + v * W, square[v] + oddSquare[v]);
    }
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

template <bool hasResidual>
static void normalizeRows(const float* x, const float* scales, const float* shifts, const float* residual, float* y,
                          int rows, int channels, bool relu) {
  const vec floor = floorOf(relu);
  byColumns(rows, channels, rowsPerBlock(channels), [&](ptrdiff_t at, int count, int c, auto vectors) {
    constexpr int V = decltype(vectors)::value;
    Vectors<V> scale(scales + c, vectors), shift(shifts + c, vectors);
    for (; count > 0; count--, at += channels)
      for (int v = 0; v < V; v++) {
        vec value = madd(load(x + at + v * W, vectors), scale[v], shift[v]);
        if constexpr (hasResidual) value += load(residual + at + v * W, vectors);
        store(y + at + v * W, clampBelow(value, floor), vectors);
      }
  });
}

/** y = x normalized by its statistics (+ residual, if not null), with ReLU if asked. */
static void normalize(const float* x, const float* statistics, const float* residual, float* y, int rows, int channels,
                      bool relu) {
  const auto normalizeAll = residual ? normalizeRows<true> : normalizeRows<false>;
  normalizeAll(x, statistics + SCALE * channels, statistics + SHIFT * channels, residual, y, rows, channels, relu);
}

/** Which gradients pass the ReLU after the norm: all, those whose output, computed again, is positive, or whose y is.
 */
enum Gate { OPEN, RECOMPUTED, READ };

/** Adds the sums of dy and of dy * (x - mean), of what passes; if y is read, that is stored too. */
template <Gate gate>
static void sumGradients(const float* x, const float* dy, const float* y, const float* statistics, float* gated,
                         Sums& sums, int rows, int channels) {
  byColumns(rows, channels, rowsPerBlock(channels), [&](ptrdiff_t at, int count, int c, auto vectors) {
    constexpr int V = decltype(vectors)::value;
    Vectors<V> mean(statistics + MEAN * channels + c, vectors), scale(statistics + SCALE * channels + c, vectors);
    Vectors<V> shift(statistics + SHIFT * channels + c, vectors), sum, product;
    for (; count > 0; count--, at += channels)
      for (int v = 0; v < V; v++) {
        const vec value = load(x + at + v * W, vectors);
        vec d = load(dy + at + v * W, vectors);
        if constexpr (gate == RECOMPUTED) d = openGradient(d, madd(value, scale[v], shift[v]));
        if constexpr (gate == READ) {
          d = openGradient(d, load(y + at + v * W, vectors));
          store(gated + at + v * W, d, vectors);
        }
        sum[v] += d;
        product[v] = madd(d, value - mean[v], product[v]);
      }
    for (int v = 0; v < V; v++) {
      addToDoubles(sums.first + c + v * W, sum[v]);
      addToDoubles(sums.second + c + v * W, product[v]);
    }
  });
}

/** The gradients by gamma and beta; a, b, d of dx = a dy + b x + d into coefficients [3, channels]. */
static void normGradients(const float* x, const float* dy, const float* y, const float* gamma, const float* statistics,
                          float* dGamma, float* dBeta, float* gated, Sums& sums, float* coefficients, int rows,
                          int channels, bool relu) {
  const auto sum = gated ? sumGradients<READ> : relu ? sumGradients<RECOMPUTED> : sumGradients<OPEN>;
  sum(x, dy, y, statistics, gated, sums, rows, channels);
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

template <bool gate, bool inputRelu>
static void applyGradient(const float* x, const float* dy, const float* statistics, const float* coefficients,
                          float* dx, int rows, int channels) {
  byColumns(rows, channels, rowsPerBlock(channels), [&](ptrdiff_t at, int count, int c, auto vectors) {
    constexpr int V = decltype(vectors)::value;
    Vectors<V> a(coefficients + c, vectors), b(coefficients + channels + c, vectors),
        d(coefficients + 2 * channels + c, vectors);
    Vectors<V> scale(statistics + SCALE * channels + c, vectors), shift(statistics + SHIFT * channels + c, vectors);
    for (; count > 0; count--, at += channels)
      for (int v = 0; v < V; v++) {
        const vec value = load(x + at + v * W, vectors);
        vec gradient = load(dy + at + v * W, vectors);
        if constexpr (gate) gradient = openGradient(gradient, madd(value, scale[v], shift[v]));
        gradient = madd(gradient, a[v], madd(value, b[v], d[v]));
        store(dx + at + v * W, inputRelu ? openGradient(gradient, value) : gradient, vectors);
      }
  });
}

/** dx from the coefficients; `gate`: through the ReLU of the output, `inputRelu`: through one that made x. */
static void normGradInput(const float* x, const float* dy, const float* statistics, const float* coefficients,
                          float* dx, int rows, int channels, bool gate, bool inputRelu) {
  const auto apply = gate ? (inputRelu ? applyGradient<true, true> : applyGradient<true, false>)
                          : (inputRelu ? applyGradient<false, true> : applyGradient<false, false>);
  apply(x, dy, statistics, coefficients, dx, rows, channels);
}

/** Adds the sum of x [rows, channels] per channel, of even and odd rows apart. */
static void addSums(const float* x, double* sums, int rows, int channels) {
  constexpr int BLOCK = 256;
  byColumns(rows, channels, BLOCK, [&](ptrdiff_t at, int count, int c, auto vectors) {
    constexpr int V = decltype(vectors)::value;
    Vectors<V> even, odd;
    for (; count >= 2; count -= 2, at += 2 * channels)
      for (int v = 0; v < V; v++) {
        even[v] += load(x + at + v * W, vectors);
        odd[v] += load(x + at + channels + v * W, vectors);
      }
    for (int v = 0; v < V; v++) {
      if (count) even[v] += load(x + at + v * W, vectors);
      addToDoubles(sums + c + v * W, even[v] + odd[v]);
    }
  });
}

EXPORT(batchNormScratch)
size_t batchNormScratch(int channels) { return Scratch::bytes(Sums::floats(channels) + 3 * channels); }

EXPORT(batchNormForward)
bool batchNormForward(const float* x, const float* gamma, const float* beta, const float* residual, float* y,
                      float* statistics, Arena& arena, int rows, int channels, double epsilon, int relu) {
  Scratch scratch(arena, Sums::floats(channels));
  if (!scratch) return false;
  Sums sums(scratch, channels);
  addMoments(x, rows, channels, x, sums);
  finishMoments(x, gamma, beta, statistics, sums, rows, channels, epsilon);
  normalize(x, statistics, residual, y, rows, channels, relu);
  return true;
}

EXPORT(batchNormBackward)
bool batchNormBackward(const float* x, const float* dy, const float* y, const float* gamma, const float* statistics,
                       float* dx, float* dGamma, float* dBeta, float* gated, Arena& arena, int rows, int channels,
                       int relu, int inputRelu) {
  Scratch scratch(arena, Sums::floats(channels) + 3 * channels);
  if (!scratch) return false;
  Sums sums(scratch, channels);
  float* coefficients = scratch.take(3 * channels);
  normGradients(x, dy, y, gamma, statistics, dGamma, dBeta, gated, sums, coefficients, rows, channels, relu);
  normGradInput(x, gated ? gated : dy, statistics, coefficients, dx, rows, channels, relu && !gated, inputRelu);
  return true;
}

/** y = x * scale + shift per channel, with ReLU if asked: batch norm with its statistics folded. */
EXPORT(scaleShift)
void scaleShift(const float* x, const float* scale, const float* shift, float* y, int rows, int channels, int relu) {
  normalizeRows<false>(x, scale, shift, nullptr, y, rows, channels, relu);
}

/**
 * PyTorch's running statistics, in place: running += momentum * (new - running); the variance is made unbiased by
 * `unbias`, rows / (rows - 1).
 */
EXPORT(updateRunning)
void updateRunning(const float* statistics, float* runningMean, float* runningVariance, int channels, double momentum,
                   double unbias) {
  for (int c = 0; c < channels; c++) {
    const double mean = statistics[MEAN * channels + c], variance = statistics[VARIANCE * channels + c] * unbias;
    runningMean[c] = float(momentum * mean + (1 - momentum) * runningMean[c]);
    runningVariance[c] = float(momentum * variance + (1 - momentum) * runningVariance[c]);
  }
}

}  // namespace ISA
