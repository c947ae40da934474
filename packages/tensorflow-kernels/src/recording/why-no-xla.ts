import type { TensorflowBackend } from '../tensorflow-backend.ts';
import { wordsOfError } from '../words-of-error.ts';
import { attributeValue, DataType, encodeGraph } from './graph-def.ts';

const NAME = 'bakeoff_xla_trial';

/** Compiles a small function. Returns TensorFlow's message if that fails, or null. */
export function whyNoXla({ binding }: TensorflowBackend): string | null {
  const float = attributeValue.type(DataType.float);
  const graph = encodeGraph([
    { name: 'x', op: 'Placeholder', inputs: [], attributes: { dtype: float, shape: attributeValue.shape([2]) } },
    { name: 'y', op: 'AddV2', inputs: ['x', 'x'], attributes: { T: float } },
  ]);
  const x = binding.createTensor([2], binding.TF_FLOAT, Float32Array.of(1, 2));
  try {
    binding.addFunction!(NAME, graph, 'x:0', 'y:0');
    const compile = { name: '_XlaMustCompile', type: binding.TF_ATTR_BOOL, value: true };
    const [y] = binding.executeOp(NAME, [compile], [x], 1);
    binding.deleteTensor(y!.id);
    return null;
  } catch (error) {
    return wordsOfError(error as Error);
  } finally {
    binding.deleteTensor(x);
  }
}
