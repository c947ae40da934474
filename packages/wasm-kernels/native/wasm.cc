// The WebAssembly module: every kernel, exported by the name and with the arguments in src/wasm/wasm-exports.ts. All
// pointers are addresses in the memory of TensorFlow.js's own module, which this one imports. It owns nothing there:
// kernels get their working memory from the caller, there is no static data, and the stack is a block that the caller
// allocates (the exported global __stack_pointer starts at its end).
#include "batch-norm.h"
#include "convolution-direct.h"
#include "dense.h"
#include "depthwise.h"
#include "dropout.h"
#include "elementwise.h"
#include "gemm.h"
#include "images.h"
#include "loss.h"
#include "optimizer.h"
#include "pooling.h"
#include "winograd-norm.h"
#include "winograd.h"
