// Part of tfjs_binding.cc: addFunction(name, graphDef, inputs, outputs). graphDef is a serialized GraphDef in a
// Uint8Array; inputs and outputs are lists "node:0,node:1", in the order in which executeOp takes and returns tensors.
static napi_value AddFunction(napi_env env, napi_callback_info info) {
  size_t argc = 4;
  napi_value args[4], js_this;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &argc, args, &js_this, nullptr), nullptr);
  if (argc < 4) {
    NAPI_THROW_ERROR(env, "Invalid number of args passed to addFunction(). Expecting 4 args but got %d.", argc);
    return nullptr;
  }
  ENSURE_VALUE_IS_STRING_RETVAL(env, args[0], nullptr);
  ENSURE_VALUE_IS_TYPED_ARRAY_RETVAL(env, args[1], nullptr);
  ENSURE_VALUE_IS_STRING_RETVAL(env, args[2], nullptr);
  ENSURE_VALUE_IS_STRING_RETVAL(env, args[3], nullptr);
  TFJSBackend *const backend = GetTFJSBackend(env);
  if (!backend) return nullptr;
  backend->AddFunction(env, args[0], args[1], args[2], args[3]);
  return js_this;
}

