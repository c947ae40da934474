import { describe, expect, it } from 'vitest';
import { isOutOfMemory } from './out-of-memory.ts';
import { wordsOfError } from './words-of-error.ts';
import { checkTensorflowBackend } from './tensorflow-backend.ts';

const nothing = (): void => undefined;

describe('checkTensorflowBackend', () => {
  it('names the parts that a backend lacks', () => {
    expect(() => checkTensorflowBackend(undefined)).toThrow(
      /4\.22\.0; the current one lacks executeSingleOutput, .*tensorMap\.get, isUsingGpuDevice, binding\.TF_FLOAT, .*binding\.TF_ATTR_SHAPE\./,
    );
    const backend = {
      executeSingleOutput: nothing,
      executeMultipleOutputs: nothing,
      createOutputTensor: nothing,
      write: nothing,
      incRef: nothing,
      disposeData: nothing,
      tensorMap: new Map(),
      isUsingGpuDevice: false,
      binding: { TF_FLOAT: 1 },
    };
    expect(() => checkTensorflowBackend(backend)).toThrow('lacks binding.TF_INT32, binding.TF_UINT8,');
  });
});

describe('wordsOfError', () => {
  it.each([
    // As TensorFlow 2.21 says it of an operation, in a function, and of a function that XLA compiled.
    [
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[262144,64] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu',
      'OOM when allocating tensor with shape[262144,64] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu',
    ],
    [
      "Invalid TF_Status: 8\nMessage: {{function_node bakeoff_4066a6}} OOM when allocating tensor with shape[256,32,32,64] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu\n\t [[{{node n44}}]]\nHint: If you want to see a list of allocated tensors when OOM happens, add report_tensor_allocations_upon_oom to RunOptions for current allocation info. This isn't available when running in Eager mode.\n",
      'OOM when allocating tensor with shape[256,32,32,64] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu',
    ],
    [
      'Invalid TF_Status: 8\nMessage: Out of memory while trying to allocate 483.42MiB.',
      'Out of memory while trying to allocate 483.42MiB.',
    ],
  ])('says "%s" in one line', (message, expected) => expect(wordsOfError(new Error(message))).toBe(expected));
});

describe('isOutOfMemory', () => {
  it.each([
    [
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[512,32,32,64] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
      true,
    ],
    ['Invalid TF_Status: 8\nMessage: failed to allocate memory', true],
    ['Invalid TF_Status: 3\nMessage: Incompatible shapes: [8] vs. [7]', false],
    ['Invalid TF_Status: 80\nMessage: x', false],
  ])('of "%s": %s', (message, expected) => expect(isOutOfMemory(new Error(message))).toBe(expected));
});
