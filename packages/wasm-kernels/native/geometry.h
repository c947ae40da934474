// The shape of one convolution or pooling call, as assembly/geometry.ts.
#pragma once
#include "simd.h"

namespace ISA {

struct Window {
  int32_t batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, kernelHeight, kernelWidth,
      strideHeight, strideWidth, padTop, padLeft;

  /** Height of the padded input that all windows touch. */
  int paddedHeight() const { return most(inHeight + padTop, (outHeight - 1) * strideHeight + kernelHeight); }
  int paddedWidth() const { return most(inWidth + padLeft, (outWidth - 1) * strideWidth + kernelWidth); }
  int64_t inImage() const { return int64_t{inHeight} * inWidth * inChannels; }
  int64_t outImage() const { return int64_t{outHeight} * outWidth * outChannels; }
};

}  // namespace ISA
