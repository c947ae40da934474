/**
 * The libraries that libtensorflow 2.9's GPU build opens when it starts (its stubs in tensorflow/stream_executor): the
 * driver, CUDA 11, cuDNN 8.
 */
const GPU_LIBRARIES = [
  'libcuda.so.1',
  'libcudart.so.11.0',
  'libcublas.so.11',
  'libcublasLt.so.11',
  'libcufft.so.10',
  'libcurand.so.10',
  'libcusolver.so.11',
  'libcusparse.so.11',
  'libcudnn.so.8',
];

/**
 * The first GPU library that the dynamic linker cannot find. Without these libraries, libtensorflow itself still
 * starts, on the CPU, and reports them only on standard error.
 */
export function missingGpuLibrary(): string | undefined {
  return GPU_LIBRARIES.find((library) => !opens(library));
}

/**
 * Whether the dynamic linker finds a library. If it does, Node complains that the library is not an addon, and closes
 * it.
 */
function opens(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library);
    return true;
  } catch (error) {
    return !(error as Error).message.includes('cannot open shared object file');
  }
}
