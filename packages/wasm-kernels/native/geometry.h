// The shape of one convolution or pooling call, written by src/wasm/wasm-adapter.ts as consecutive int32.
#pragma once
#include "simd.h"

namespace ISA {

struct Window {
  int32_t batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, kernelHeight, kernelWidth,
      strideHeight, strideWidth, padTop, padLeft;

  /** Height of the padded input that all windows touch. */
  int paddedHeight() const { return most(inHeight + padTop, (outHeight - 1) * strideHeight + kernelHeight); }
  int paddedWidth() const { return most(inWidth + padLeft, (outWidth - 1) * strideWidth + kernelWidth); }
  size_t paddedImage() const { return size_t(paddedHeight()) * paddedWidth() * inChannels; }
  ptrdiff_t inImage() const { return ptrdiff_t{inHeight} * inWidth * inChannels; }
  ptrdiff_t outImage() const { return ptrdiff_t{outHeight} * outWidth * outChannels; }
};

}  // namespace ISA
