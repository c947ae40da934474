// The kernels of one instruction set (ISA, vectors of WIDTH floats), and THE table of those that run natively: which
// kernels, and for which arguments. Everything else runs in WebAssembly.
#include "batch-norm.h"
#include "call.h"
#include "convolution-direct.h"
#include "depthwise.h"
#include "gemm.h"
#include "optimizer.h"
#include "pooling.h"
#include "winograd-norm.h"
#include "winograd.h"

namespace ISA {

constexpr auto always = [](auto...) { return true; };
constexpr auto suitsWinograd = [](const Window* g, auto...) { return winogradSuits(*g); };
constexpr auto suitsPooling = [](const Window* g, auto...) { return isHalving(*g) && g->inChannels % W == 0; };
constexpr auto suitsOutput = [](const Window* g, auto...) { return g->outChannels % W == 0; };
constexpr auto suitsInput = [](const Window* g, auto...) { return g->inChannels % W == 0; };
constexpr auto suitsGemm = [](auto, int, int, auto, int bRow, int bColumn, auto, int, int n, auto...) {
  return gemmSuits(bRow, bColumn, n);
};
constexpr auto suitsForwardNorm = [](auto, auto, auto, auto, auto, auto, auto&&, int, int channels, auto...) {
  return channels % W == 0;
};
constexpr auto suitsBackwardNorm = [](auto, auto, auto, auto, auto, auto, auto, auto, auto, auto&&, int, int channels,
                                      auto...) { return channels % W == 0; };

/** Names and arguments are those of WebAssembly's exports (src/wasm/wasm-exports.ts). */
#define KERNEL(name, suits) {#name, Call<name, suits>::run}
static const Kernel kernels[] = {
    KERNEL(winogradForward, suitsWinograd),
    KERNEL(winogradGradInput, suitsWinograd),
    KERNEL(winogradGradFilter, suitsWinograd),
    KERNEL(winogradNormForward, suitsWinograd),
    KERNEL(winogradNormBackward, suitsWinograd),
    KERNEL(convForward, suitsOutput),
    KERNEL(convGradInput, suitsInput),
    KERNEL(convGradFilter, suitsOutput),
    KERNEL(gemm, suitsGemm),
    KERNEL(batchNormForward, suitsForwardNorm),
    KERNEL(batchNormBackward, suitsBackwardNorm),
    KERNEL(depthwiseForward, suitsInput),
    KERNEL(depthwiseGradInput, suitsInput),
    KERNEL(depthwiseGradFilter, suitsInput),
    KERNEL(maxPool, suitsPooling),
    KERNEL(maxPoolGrad, suitsPooling),
    KERNEL(adam, always),
    KERNEL(sgd, always),
};

#define TEXT(value) #value
#define NAME(value) TEXT(value)
extern const KernelSet set;
const KernelSet set = {NAME(ISA), kernels, sizeof kernels / sizeof *kernels};

}  // namespace ISA
