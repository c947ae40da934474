import { describe, expect, it } from 'vitest';
import { isOutOfMemory } from './out-of-memory.ts';
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
