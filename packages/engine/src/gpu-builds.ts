// Read by the table of engines, so nothing here imports TensorFlow.js.

/** A libtensorflow for NVIDIA GPUs, by what it was built against. */
export interface GpuBuild {
  readonly library: string;
  readonly cuda: string;
  readonly cudnn: string;
  /**
   * The oldest driver (Linux): CUDA runs with the drivers of its whole major version.
   * https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
   */
  readonly driver: string;
  /**
   * What it opens when it starts (tsl/platform/default/dlopen_checker.cc), without the driver's libcuda: each file with
   * the folder of `nvidia/`, beside the library's own, in which PyPI's packages keep it.
   */
  readonly files: Readonly<Record<string, string>>;
}

/** Of the GPU image, and of `pip install tensorflow[and-cuda]`: any version since 2.18. */
const CUDA_12: GpuBuild = {
  library: 'libtensorflow 2.21',
  cuda: 'CUDA 12',
  cudnn: 'cuDNN 9 (9.3 or newer)',
  driver: '525.60.13',
  files: {
    'libcudart.so.12': 'cuda_runtime',
    'libcublas.so.12': 'cublas',
    'libcublasLt.so.12': 'cublas',
    'libcufft.so.11': 'cufft',
    'libcusolver.so.11': 'cusolver',
    'libcusparse.so.12': 'cusparse',
    'libcudnn.so.9': 'cudnn',
  },
};

/** What the install script of @tensorflow/tfjs-node-gpu downloads. */
const CUDA_11: GpuBuild = {
  library: 'libtensorflow 2.9',
  cuda: 'CUDA 11.2 to 11.8',
  cudnn: 'cuDNN 8',
  driver: '450.80.02',
  files: {
    'libcudart.so.11.0': 'cuda_runtime',
    'libcublas.so.11': 'cublas',
    'libcublasLt.so.11': 'cublas',
    'libcufft.so.10': 'cufft',
    'libcurand.so.10': 'curand',
    'libcusolver.so.11': 'cusolver',
    'libcusparse.so.11': 'cusparse',
    'libcudnn.so.8': 'cudnn',
  },
};

/** The newer first. */
export const gpuBuilds: readonly GpuBuild[] = [CUDA_12, CUDA_11];

/** @param version such as `2.21.0` */
export function gpuBuildOf(version: string): GpuBuild {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || minor >= 18 ? CUDA_12 : CUDA_11;
}

/** The build that opens a file under this name and no other does. */
export function gpuBuildOpening(file: string): GpuBuild | undefined {
  const opening = gpuBuilds.filter(({ files }) => file in files);
  return opening.length === 1 ? opening[0] : undefined;
}

export function describeGpuBuild({ library, cuda, cudnn, driver }: GpuBuild): string {
  return `${cuda}, ${cudnn} and driver ${driver} or newer for ${library}`;
}
