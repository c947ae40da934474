// What follows the matrix product of a dense layer.
#pragma once
#include "polynomials.h"

namespace ISA {

enum Activation { NONE, RELU, TANH };

/** y = activation(y + bias, if not null) in place, y [rows, columns]. */
EXPORT(finishDense)
void finishDense(float* y, const float* bias, int rows, int columns, int activation) {
  const vec floor = floorOf(activation == RELU);
  for (int i = 0; i < rows; i++, y += columns)
    byVectors(columns, [&](int j, auto lanes) {
      vec v = load(y + j, lanes);
      if (bias) v += load(bias + j, lanes);
      store(y + j, activation == TANH ? tanh(v) : clampBelow(v, floor), lanes);
    });
}

}  // namespace ISA
