// Adds one call to the sources of the binding of @tensorflow/tfjs-node(-gpu) 4.22.0, with which a whole training step
// is one call of TensorFlow: addFunction (add-function-binding.cc).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADER_END = ' private:\n  TFJSBackend(napi_env env);';
const BACKEND_END = '}  // namespace tfnodejs';
const FIRST_AFTER = 'static napi_value GetNumOfSavedModels(';
const PROPERTIES = '      {"TF_Version", nullptr';

const part = (name) => readFileSync(join(import.meta.dirname, name), 'utf8');

/** @param sources a folder with a copy of the binding's sources, which are changed */
export function addFunctionTo(sources) {
  insert(join(sources, 'tfjs_backend.h'), [
    [
      HEADER_END,
      '  void AddFunction(napi_env env, napi_value name, napi_value graph_def, napi_value inputs, napi_value outputs);\n\n',
    ],
  ]);
  insert(join(sources, 'tfjs_backend.cc'), [[BACKEND_END, part('add-function-backend.cc')]]);
  insert(join(sources, 'tfjs_binding.cc'), [
    [FIRST_AFTER, part('add-function-binding.cc')],
    [PROPERTIES, '      {"addFunction", nullptr, AddFunction, nullptr, nullptr, nullptr, napi_default, nullptr},\n'],
  ]);
}

/** Inserts text before places that each occur once. */
function insert(file, insertions) {
  let text = readFileSync(file, 'utf8');
  for (const [place, added] of insertions) {
    if (text.split(place).length !== 2)
      throw new Error(`${file} is not that of version 4.22.0: "${place}" does not stand in it once`);
    text = text.replace(place, () => added + place);
  }
  writeFileSync(file, text);
}
