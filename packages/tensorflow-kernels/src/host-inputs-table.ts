import { elementwiseHostInputs } from './elementwise-kernels.ts';
import type { HostInputsTable } from './host-inputs.ts';
import { imageHostInputs } from './image-kernels.ts';
import { optimizerHostInputs } from './optimizer-kernels.ts';

/** Every kernel that uploads what it computes from attributes that differ from step to step. */
export const hostInputs: HostInputsTable = {
  ...elementwiseHostInputs,
  ...imageHostInputs,
  ...optimizerHostInputs,
};
