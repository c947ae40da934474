// What addon.cc, compiled for any processor, knows of the kernels that kernels.cc compiles for one instruction set.
#pragma once
#include <node_api.h>
#include <stddef.h>

#include "scratch.h"

struct Kernel {
  const char* name;
  /** Its data is an Instance. It returns false if the kernel does not suit the arguments, undefined if it has run. */
  napi_callback run;
};

struct KernelSet {
  /** The value of the option `native` that asks for it. */
  const char* name;
  const Kernel* kernels;
  size_t count;
};

/** The kernels of one set on one heap, as one object in JavaScript. */
struct Instance {
  char* heap;
  Arena* arena;
  Instance* next;
};
