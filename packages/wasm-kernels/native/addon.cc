// The Node-API addon: kernels that work in place on one ArrayBuffer, the WASM heap of TensorFlow.js. Nothing is copied.
// Compiled for any processor of its architecture; the kernels stand in sets of their own, one per instruction set.
// Exports: `widths`, the names of the sets that this processor runs, the widest first; `open(width, buffer)`, an object
// with the kernels of one of them on that buffer, and `attach(buffer)` for when the heap has grown and has another.
#include "kernel-set.h"
#include "processor.h"
#include "scratch.h"

extern "C" {
void* malloc(size_t);
void free(void*);
}

bool Arena::reserve(size_t wanted) {
  if (wanted <= bytes) return true;
  release();
  block = static_cast<char*>(malloc(wanted));
  bytes = block ? wanted : 0;
  return block;
}

void Arena::release() {
  free(block);
  block = nullptr;
  bytes = 0;
}

struct Supported {
  const KernelSet* set;
  bool (*runsHere)();
};

#if defined(__x86_64__)
namespace avx512 {
extern const KernelSet set;
}
namespace avx2 {
extern const KernelSet set;
}
static const Supported sets[] = {{&avx512::set, hasAvx512}, {&avx2::set, hasAvx2}};
#else
namespace neon {
extern const KernelSet set;
}
static const Supported sets[] = {{&neon::set, [] { return true; }}};
#endif

/** What one environment owns; Node frees it when the thread's JavaScript world ends. */
struct Environment {
  Arena arena;
  Instance* instances = nullptr;
};

static void freeEnvironment(napi_env, void* data, void*) {
  auto* environment = static_cast<Environment*>(data);
  environment->arena.release();
  for (Instance* instance = environment->instances; instance;) {
    Instance* next = instance->next;
    free(instance);
    instance = next;
  }
  free(environment);
}

static napi_value fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

static napi_value attach(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value buffer;
  void* instance;
  napi_get_cb_info(env, info, &count, &buffer, nullptr, &instance);
  void* heap;
  if (napi_get_arraybuffer_info(env, buffer, &heap, nullptr) != napi_ok)
    return fail(env, "attach needs an ArrayBuffer");
  static_cast<Instance*>(instance)->heap = static_cast<char*>(heap);
  return nullptr;
}

static void addFunction(napi_env env, napi_value to, const char* name, napi_callback run, void* data) {
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, run, data, &function) == napi_ok)
    napi_set_named_property(env, to, name, function);
}

static bool isEqual(const char* a, const char* b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static napi_value open(napi_env env, napi_callback_info info) {
  size_t count = 2, length;
  napi_value arguments[2];
  char name[16];
  void* heap;
  void* data;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  if (napi_get_value_string_utf8(env, arguments[0], name, sizeof name, &length) != napi_ok ||
      napi_get_arraybuffer_info(env, arguments[1], &heap, nullptr) != napi_ok)
    return fail(env, "open needs the name of a width and an ArrayBuffer");
  napi_get_instance_data(env, &data);
  auto* environment = static_cast<Environment*>(data);
  for (const Supported& supported : sets) {
    if (!supported.runsHere() || !isEqual(supported.set->name, name)) continue;
    auto* instance = static_cast<Instance*>(malloc(sizeof(Instance)));
    if (!instance) return fail(env, "no memory left");
    *instance = {static_cast<char*>(heap), &environment->arena, environment->instances};
    environment->instances = instance;
    napi_value kernels;
    napi_create_object(env, &kernels);
    for (size_t i = 0; i < supported.set->count; i++)
      addFunction(env, kernels, supported.set->kernels[i].name, supported.set->kernels[i].run, instance);
    addFunction(env, kernels, "attach", attach, instance);
    return kernels;
  }
  return fail(env, "this processor does not run that width");
}

NAPI_MODULE_INIT() {
  auto* environment = static_cast<Environment*>(malloc(sizeof(Environment)));
  if (!environment) return fail(env, "no memory left");
  *environment = {};
  napi_set_instance_data(env, environment, freeEnvironment, nullptr);
  napi_value widths;
  napi_create_array(env, &widths);
  uint32_t found = 0;
  for (const Supported& supported : sets) {
    if (!supported.runsHere()) continue;
    napi_value name;
    napi_create_string_utf8(env, supported.set->name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, widths, found++, name);
  }
  napi_set_named_property(env, exports, "widths", widths);
  addFunction(env, exports, "open", open, nullptr);
  return exports;
}
