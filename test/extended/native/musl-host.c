// A process that offers the addon the Node-API functions it needs, as stubs, loads it and starts it: proves that every
// symbol it expects is there under this C library, and that its own code before any kernel runs.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int functions, widths;
static char names[256];
static void *data;

#define STUB(name) \
  int name(void) { return 0; }
STUB(napi_create_array)
STUB(napi_create_object)
STUB(napi_get_arraybuffer_info)
STUB(napi_get_boolean)
STUB(napi_get_cb_info)
STUB(napi_get_instance_data)
STUB(napi_get_value_double)
STUB(napi_get_value_int32)
STUB(napi_get_value_int64)
STUB(napi_get_value_string_utf8)
STUB(napi_set_named_property)
STUB(napi_throw_error)

int napi_set_instance_data(void *env, void *value) { return data = value, 0; }
int napi_create_function(void) { return functions++, 0; }
int napi_set_element(void) { return widths++, 0; }
int napi_create_string_utf8(void *env, const char *text) { return strcat(strcat(names, " "), text), 0; }

int main(int count, char **arguments) {
  void *addon = dlopen(arguments[1], RTLD_NOW);
  if (!addon) return fprintf(stderr, "%s\n", dlerror()), 1;
  void *(*start)(void *, void *) = dlsym(addon, "napi_register_module_v1");
  if (!start) return fprintf(stderr, "%s\n", dlerror()), 1;
  start(0, 0);
  if (!data || functions == 0) return fprintf(stderr, "it did not register\n"), 1;
  printf("%d widths:%s\n", widths, names);
  return 0;
}
