import { backend } from '@tensorflow/tfjs-core';
import { registerKernels } from '@bakeoff/kernels';
import { batchNormKernels } from './batch-norm-kernels.ts';
import { convolutionKernels } from './convolution-kernels.ts';
import { denseKernels } from './dense-kernels.ts';
import { elementwiseKernels } from './elementwise-kernels.ts';
import { imageKernels } from './image-kernels.ts';
import { lossKernels } from './loss-kernels.ts';
import { optimizerKernels } from './optimizer-kernels.ts';
import { poolingKernels } from './pooling-kernels.ts';
import { whyNoXla } from './recording/why-no-xla.ts';
import { type RecorderOptions, TensorflowStepRecorder } from './recording/step-recorder.ts';
import { checkTensorflowBackend, type TensorflowBackend } from './tensorflow-backend.ts';
import { TensorflowOps } from './tensorflow-ops.ts';

/** The version and device that TensorFlow runs on. */
export interface TensorflowDevice {
  /** libtensorflow's version. */
  readonly libraryVersion: string;
  readonly isGpu: boolean;
  /** Null with the stock binding, which lacks the call that recorded steps need. */
  readonly createRecorder: ((options: RecorderOptions) => TensorflowStepRecorder) | null;
  /** Why XLA cannot compile for this device, in TensorFlow's words; null: it can. Needs recorded steps. */
  readonly checkXla: () => string | null;
}

const known = new WeakMap<TensorflowBackend, TensorflowOps>();

/** One for each backend: recorders watch what its kernels upload, whoever installs them again. */
function opsOf(backend: TensorflowBackend): TensorflowOps {
  let ops = known.get(backend);
  if (ops === undefined) known.set(backend, (ops = new TensorflowOps(backend)));
  return ops;
}

/**
 * Gives the current backend, which must be 'tensorflow' (of @tensorflow/tfjs-node or tfjs-node-gpu), the training
 * kernels. Each is a few of TensorFlow's own fused operations. @throws Error naming the private parts that these
 * kernels call, if the backend lacks any.
 */
export function installTensorflowKernels(): TensorflowDevice {
  const tensorflow = checkTensorflowBackend(backend());
  const ops = opsOf(tensorflow);
  registerKernels('tensorflow', {
    ...convolutionKernels(ops),
    ...denseKernels(ops),
    ...elementwiseKernels(ops),
    ...batchNormKernels(ops),
    ...poolingKernels(ops),
    ...lossKernels(ops),
    ...imageKernels(ops),
    ...optimizerKernels(ops),
  });
  return {
    libraryVersion: tensorflow.binding.TF_Version,
    isGpu: tensorflow.isUsingGpuDevice,
    createRecorder:
      typeof tensorflow.binding.addFunction === 'function'
        ? (options) => new TensorflowStepRecorder(tensorflow, ops, options)
        : null,
    checkXla: () => whyNoXla(tensorflow),
  };
}
