// Makes a Node-API function of a kernel from the kernel's own type. Addresses are byte offsets into the heap, 0 is
// null; an Arena& takes the place of the address of WebAssembly's working memory. Nothing is checked: the callers are
// ours.
#pragma once
#include <type_traits>
#include <utility>

#include "heap.h"
#include "kernel-set.h"
#include "simd.h"

namespace ISA {

template <class T>
struct From;
template <>
struct From<int> {
  static int get(napi_env env, napi_value value, const Instance&) {
    int32_t n;
    napi_get_value_int32(env, value, &n);
    return n;
  }
};
template <>
struct From<double> {
  static double get(napi_env env, napi_value value, const Instance&) {
    double n;
    napi_get_value_double(env, value, &n);
    return n;
  }
};
template <>
struct From<float> {
  static float get(napi_env env, napi_value value, const Instance& instance) {
    return float(From<double>::get(env, value, instance));
  }
};
template <class T>
struct From<T*> {
  static T* get(napi_env env, napi_value value, const Instance& instance) {
    int64_t at;
    napi_get_value_int64(env, value, &at);
    return at ? reinterpret_cast<T*>(instance.heap + uint32_t(at)) : nullptr;
  }
};
template <>
struct From<Arena&> {
  static Arena& get(napi_env, napi_value, const Instance& instance) { return *instance.arena; }
};

/** In place of an argument that is 0. */
template <>
struct From<Heap> {
  static Heap get(napi_env, napi_value, const Instance& instance) { return {instance.heap}; }
};

/** `suits` says from the kernel's arguments whether it can run; a kernel that returns a bool says it itself as well. */
template <auto kernel, auto suits>
struct Call;
template <class Result, class... Args, Result (*kernel)(Args...), auto suits>
struct Call<kernel, suits> {
  static bool apply(Args... args) {
    if (!suits(args...)) return false;
    if constexpr (std::is_void_v<Result>)
      return kernel(args...), true;
    else
      return kernel(args...);
  }

  template <size_t... I>
  static bool decode(napi_env env, napi_value* values, const Instance& instance, std::index_sequence<I...>) {
    return apply(From<Args>::get(env, values[I], instance)...);
  }

  static napi_value run(napi_env env, napi_callback_info info) {
    size_t count = sizeof...(Args);
    napi_value values[sizeof...(Args)], no;
    void* instance;
    napi_get_cb_info(env, info, &count, values, nullptr, &instance);
    if (decode(env, values, *static_cast<Instance*>(instance), std::index_sequence_for<Args...>{})) return nullptr;
    napi_get_boolean(env, false, &no);
    return no;
  }
};

}  // namespace ISA
