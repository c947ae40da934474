/**
 * TF_RESOURCE_EXHAUSTED of tensorflow/c/tf_status.h, in the form in which the binding's errors begin, and the message
 * of TensorFlow's allocators.
 */
const PATTERN = /Invalid TF_Status: 8\b|OOM when allocating|RESOURCE_EXHAUSTED/;

/** Whether TensorFlow refused an operation because its device has no memory left for it. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && PATTERN.test(error.message);
}
