// Part of TFJSBackend in tfjs_backend.cc: makes a function of the eager context, which executeOp then runs by its name.

namespace {

// The inputs or outputs "node:0,node:1" of a graph; an operation is null where the graph lacks it.
std::vector<TF_Output> FindEndpoints(TF_Graph *graph, const std::string &names) {
  std::vector<TF_Output> endpoints;
  for (size_t start = 0, end; start < names.size(); start = end + 1) {
    end = std::min(names.find(',', start), names.size());
    const std::string each = names.substr(start, end - start);
    const size_t colon = each.find(':');
    const int index = colon == std::string::npos ? 0 : atoi(each.c_str() + colon + 1);
    endpoints.push_back({TF_GraphOperationByName(graph, each.substr(0, colon).c_str()), index});
  }
  return endpoints;
}

bool HasMissing(const std::vector<TF_Output> &endpoints) {
  for (const TF_Output &each : endpoints)
    if (each.oper == nullptr) return true;
  return false;
}

}  // namespace

void TFJSBackend::AddFunction(napi_env env, napi_value name_value, napi_value graph_def_value,
                              napi_value inputs_value, napi_value outputs_value) {
  std::string name, input_names, output_names;
  ENSURE_NAPI_OK(env, GetStringParam(env, name_value, name));
  ENSURE_NAPI_OK(env, GetStringParam(env, inputs_value, input_names));
  ENSURE_NAPI_OK(env, GetStringParam(env, outputs_value, output_names));
  void *data;
  size_t length;
  ENSURE_NAPI_OK(env, napi_get_typedarray_info(env, graph_def_value, nullptr, &length, &data, nullptr, nullptr));

  TF_AutoStatus tf_status;
  const std::unique_ptr<TF_Graph, decltype(&TF_DeleteGraph)> graph(TF_NewGraph(), TF_DeleteGraph);
  {
    const std::unique_ptr<TF_Buffer, decltype(&TF_DeleteBuffer)> buffer(TF_NewBufferFromString(data, length),
                                                                       TF_DeleteBuffer);
    const std::unique_ptr<TF_ImportGraphDefOptions, decltype(&TF_DeleteImportGraphDefOptions)> options(
        TF_NewImportGraphDefOptions(), TF_DeleteImportGraphDefOptions);
    TF_GraphImportGraphDef(graph.get(), buffer.get(), options.get(), tf_status.status);
  }
  ENSURE_TF_OK(env, tf_status);

  const std::vector<TF_Output> inputs = FindEndpoints(graph.get(), input_names);
  const std::vector<TF_Output> outputs = FindEndpoints(graph.get(), output_names);
  if (HasMissing(inputs) || HasMissing(outputs)) {
    NAPI_THROW_ERROR(env, "The graph lacks an input or an output of the function %s.", name.c_str());
    return;
  }
  const std::unique_ptr<TF_Function, decltype(&TF_DeleteFunction)> function(
      TF_GraphToFunction(graph.get(), name.c_str(), 0, -1, nullptr, inputs.size(), inputs.data(), outputs.size(),
                         outputs.data(), nullptr, nullptr, nullptr, tf_status.status),
      TF_DeleteFunction);
  ENSURE_TF_OK(env, tf_status);
  TFE_ContextAddFunction(tfe_context_, function.get(), tf_status.status);
  ENSURE_TF_OK(env, tf_status);
}

