import { backend } from '@tensorflow/tfjs-core';
import type { TensorflowBackend, TensorflowBinding } from '../tensorflow-backend.ts';

/** Counts the operations and functions that the current backend submits to TensorFlow from now on. */
export function countCalls(): () => number {
  const current = backend() as unknown as { binding: TensorflowBackend['binding'] };
  const { binding } = current;
  let count = 0;
  const executeOp: TensorflowBinding['executeOp'] = (...parameters) => {
    count++;
    return binding.executeOp(...parameters);
  };
  current.binding = Object.create(binding, { executeOp: { value: executeOp } }) as TensorflowBinding;
  return () => count;
}
